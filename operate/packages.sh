#!/bin/sh
# What tests need of the system: libraries that draw PDF files, Chinese fonts, and with "browser"
# Chromium. Installs what is missing where we may, or says what to do.
set -eu

missing=""
.venv/bin/python -W error -c "import weasyprint" >/dev/null 2>&1 ||
    missing="$missing libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
[ -n "$(fc-list :lang=zh-cn family 2>/dev/null)" ] || missing="$missing fontconfig fonts-noto-cjk"
if [ "${1:-}" = browser ]; then
    found=""
    for name in chromium-headless-shell chromium chromium-browser google-chrome; do
        command -v "$name" >/dev/null && found=$name
    done
    [ -n "$found" ] || missing="$missing chromium-headless-shell"
fi
[ -n "$missing" ] || exit 0

offered() { # older systems have no browser without windows
    if apt-cache show chromium-headless-shell >/dev/null 2>&1; then
        echo "$missing"
    else
        echo "$missing" | sed "s/chromium-headless-shell/chromium/"
    fi
}

as_root=""
if [ "$(id -u)" != 0 ]; then
    as_root="sudo -n"
fi
if ! command -v apt-get >/dev/null || ! $as_root true 2>/dev/null; then
    echo "The tests need of this system, by Debian's names:$missing" >&2
    exit 1
fi
echo "Installing$missing"
log=$(mktemp)
export DEBIAN_FRONTEND=noninteractive
if ! { $as_root apt-get update -qq && missing=$(offered) &&
    $as_root apt-get install -y -qq --no-install-recommends $missing; } >"$log" 2>&1; then
    cat "$log" >&2
    echo "They could not be installed; install them yourself:$missing" >&2
    exit 1
fi
rm -f "$log"
