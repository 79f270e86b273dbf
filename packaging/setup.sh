# Sourced by packaging/demo and packaging/check: finds Python, installs what the system lacks, makes .venv from the lock.
# It does nothing, and needs no network, when everything is already there.

say() { printf '%s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

find_python() {
    local candidate
    for candidate in "${REQUIS_PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11; do
        if [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1 &&
            "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return 0
        fi
    done
    return 1
}

missing_packages() {
    local package missing=()
    for package in "$@"; do
        dpkg-query -W -f='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
    done
    printf '%s\n' "${missing[*]}"
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

can_be_root() {
    [ "$(id -u)" -eq 0 ] || { command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; }
}

# Debian starts services at installation; a temporary policy-rc.d says no, and what was enabled is disabled again.
install_packages() {
    local policy=/usr/sbin/policy-rc.d made=no
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
        as_root chmod 755 "$policy"
        made=yes
    fi
    local status=0
    { as_root apt-get update -qq &&
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } >&2 || status=$?
    [ "$made" = yes ] && as_root rm -f "$policy"
    case " $* " in
        *" orthanc "*)
            if command -v systemctl >/dev/null 2>&1; then as_root systemctl disable orthanc >/dev/null 2>&1 || true; fi
            as_root update-rc.d orthanc disable >/dev/null 2>&1 || true
            ;;
    esac
    return "$status"
}

need_packages() {
    if ! command -v dpkg-query >/dev/null 2>&1; then
        say "This is not Debian or Ubuntu: system packages are left to you (see README.md)."
        return 0
    fi
    local missing
    missing=$(missing_packages "$@")
    [ -z "$missing" ] && return 0
    can_be_root || fail "Missing system packages, and neither root nor password-less sudo to install them: $missing"
    say "Installing system packages: $missing"
    # shellcheck disable=SC2086
    install_packages $missing || fail "These system packages could not be installed: $missing"
}

need_venv() {
    local lock=$1 python stamp wanted
    python=$(find_python) || fail "Python 3.11 or newer is needed and was not found."
    if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
        local package
        package="python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
        if command -v dpkg-query >/dev/null 2>&1 && can_be_root; then
            need_packages "$package"
        else
            fail "Python's venv module is missing; install the package $package."
        fi
    fi
    stamp=.venv/.installed
    wanted=$(cat "$lock" pyproject.toml | sha256sum | cut -d' ' -f1)
    if [ -x .venv/bin/python ] && grep -qx "$wanted" "$stamp" 2>/dev/null; then
        return 0
    fi
    [ -x .venv/bin/python ] || { say "Making .venv"; "$python" -m venv .venv || fail "The virtual environment could not be made."; }
    say "Installing the locked Python packages into .venv (several hundred megabytes the first time)"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r "$lock" >&2 ||
        fail "The locked Python packages could not be installed."
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable . >&2 ||
        fail "Requis itself could not be installed into .venv."
    printf '%s\n' "$wanted" >>"$stamp"
}

WINDOW_PACKAGES=(
    libegl1 libgl1 libdbus-1-3 libfontconfig1 libglib2.0-0 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-image0
    libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-xinerama0 libxcb-xkb1
)
CHECK_PACKAGES=(
    orthanc orthanc-dicomweb dcmtk dicom3tools poppler-utils softhsm2 libnss3-tools xvfb xauth xdotool
)
