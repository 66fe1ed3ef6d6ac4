#!/bin/sh
# The journeys drive Chromium with Chinese fonts: install both where we may, or say what to do.
set -eu

found() {
    for name in chromium chromium-browser google-chrome; do
        command -v "$name" >/dev/null && return 0
    done
    return 1
}

found && exit 0
as_root=""
if [ "$(id -u)" != 0 ]; then
    as_root="sudo -n"
fi
if ! command -v apt-get >/dev/null || ! $as_root true 2>/dev/null; then
    echo "The browser tests need Chromium and Chinese fonts: install chromium and fonts-noto-cjk" \
        "(Debian: apt-get install chromium fonts-noto-cjk), or run make check, which does without." >&2
    exit 1
fi
echo "Installing Chromium"
log=$(mktemp)
export DEBIAN_FRONTEND=noninteractive
if ! { $as_root apt-get update -qq &&
    $as_root apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk; } \
    >"$log" 2>&1; then
    cat "$log" >&2
    echo "Chromium could not be installed; install chromium and fonts-noto-cjk yourself." >&2
    exit 1
fi
rm -f "$log"
