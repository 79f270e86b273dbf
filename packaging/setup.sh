# shellcheck shell=bash
# Sourced by packaging/demo and packaging/check, from the top of the repository: finds Python, installs what the system
# lacks, makes .venv from a lock. It does nothing, and needs no network, when everything is already there.

PATH="$PATH:/usr/sbin:/sbin" # where dpkg looks for its tools, which `su` leaves out

# shellcheck disable=SC2034 # the scripts that source this file read it
WINDOW_PACKAGES=(
    libegl1 libgl1 libdbus-1-3 libfontconfig1 libglib2.0-0 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-image0
    libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-xinerama0 libxcb-xkb1
)
# shellcheck disable=SC2034 # packaging/check reads it
CHECK_PACKAGES=(
    orthanc orthanc-dicomweb dcmtk dicom3tools poppler-utils softhsm2 libnss3-tools xvfb xauth xdotool
    gcc libc6-dev
)

say() { printf '%s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

# Usage: set_up LOCK PACKAGE...; leaves a complete .venv, or ends the script with one sentence.
set_up() {
    local lock=$1 python venv_package=""
    shift
    python=$(find_python) || exit 1
    if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
        venv_package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    fi
    need_packages ${venv_package:+"$venv_package"} "$@"
    "$python" -c 'import venv, ensurepip' 2>/dev/null ||
        fail "Python's venv module is missing from $python: install $venv_package or another Python, 3.11 or newer."
    need_venv "$python" "$lock"
}

find_python() {
    local candidate found="none"
    for candidate in ${REQUIS_PYTHON:+"$REQUIS_PYTHON"} python3 python3.14 python3.13 python3.12 python3.11; do
        candidate=$(command -v "$candidate") || continue
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s\n' "$candidate"
            return 0
        fi
        found="$candidate, $("$candidate" --version 2>&1)"
    done
    say "Python 3.11 or newer is needed; found: $found."
    return 1
}

# A name counts as present when an installed package provides it: newer releases have libglib2.0-0t64 for libglib2.0-0.
present_packages() {
    # shellcheck disable=SC2016 # dpkg-query's own fields
    dpkg-query -W -f='${db:Status-Status}|${Package}, ${Provides}\n' 2>/dev/null |
        sed -n 's/^installed|//p' | tr ',' '\n' | sed 's/(.*//; s/[[:space:]]//g'
}

missing_packages() {
    local package present
    present=$(present_packages)
    for package in "$@"; do
        grep -Fqx -- "$package" <<<"$present" || printf '%s\n' "$package"
    done
}

need_packages() {
    local missing
    if ! command -v dpkg-query >/dev/null 2>&1; then
        say "This is not Debian or Ubuntu: system packages are left to you (see README.md)."
        return 0
    fi
    mapfile -t missing < <(missing_packages "$@")
    [ "${#missing[@]}" -eq 0 ] && return 0
    can_be_root || fail "System packages are missing and only root can install them: apt-get install ${missing[*]}"
    say "Installing system packages: ${missing[*]}"
    install_packages "${missing[@]}" || fail "These system packages could not be installed: ${missing[*]}"
    mapfile -t missing < <(missing_packages "$@")
    [ "${#missing[@]}" -eq 0 ] || fail "These system packages are still missing: ${missing[*]}"
}

# A password is asked for only where somebody can type it.
can_be_root() {
    [ "$(id -u)" -eq 0 ] && return 0
    command -v sudo >/dev/null 2>&1 || return 1
    sudo -n true 2>/dev/null && return 0
    { [ -t 0 ] && [ -t 2 ]; } || return 1
    say "System packages are missing; sudo asks for your password to install them."
    sudo -v
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -- "$@"; fi
}

# Debian starts services as it installs them. A policy-rc.d of the time being forbids that, and a newly installed orthanc
# is disabled again, also when the installation is interrupted.
# shellcheck disable=SC2030 # the trap runs in the same subshell
install_packages() (
    packages=$*
    policy=/usr/sbin/policy-rc.d
    policy_is_ours=no
    trap tidy_installation EXIT
    trap 'exit 130' INT TERM HUP
    if [ ! -e "$policy" ]; then
        policy_is_ours=yes
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
        as_root chmod 755 "$policy"
    fi
    apt=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300)
    if [ -t 2 ]; then exec >&2; else exec >/dev/null; fi
    as_root env DEBIAN_FRONTEND=noninteractive dpkg --configure -a
    as_root "${apt[@]}" update || say "Some package lists could not be refreshed; going on with those at hand."
    as_root "${apt[@]}" -y --no-install-recommends install "$@"
)

# shellcheck disable=SC2031,SC2317,SC2329 # called by the trap above
tidy_installation() {
    [ "$policy_is_ours" = no ] || as_root rm -f "$policy"
    case " $packages " in *" orthanc "*) ;; *) return 0 ;; esac
    if command -v systemctl >/dev/null 2>&1; then
        as_root systemctl disable --quiet orthanc >/dev/null 2>&1 || true
        if [ -d /run/systemd/system ]; then as_root systemctl stop orthanc >/dev/null 2>&1 || true; fi
    fi
    as_root update-rc.d orthanc disable >/dev/null 2>&1 || true
}

digest() {
    if command -v sha256sum >/dev/null 2>&1; then sha256sum; else shasum -a 256; fi
}

# Two marks in .venv tell what is installed there: the locks, and Requis itself from this folder. Each is written last, so
# that an interrupted installation begins again.
need_venv() {
    local python=$1 lock=$2 locked="" ours
    ours=$({ printf '%s\n' "$PWD"; cat pyproject.toml workstation/__init__.py; } | digest)
    if .venv/bin/python -c "" 2>/dev/null; then
        locked=$(cat .venv/locked 2>/dev/null || true)
    fi
    if ! grep -Fqx -- "$(digest <"$lock")" <<<"$locked"; then
        if [ -z "$locked" ]; then make_venv "$python"; fi
        fill_venv "$lock"
    elif [ "$ours" = "$(cat .venv/editable 2>/dev/null)" ]; then
        return 0
    fi
    rm -f .venv/editable
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-index --no-build-isolation \
        --editable . >&2 || fail "Requis itself could not be installed into .venv."
    printf '%s\n' "$ours" >.venv/editable
}

make_venv() {
    say "Making .venv with $("$1" --version)."
    "$1" -m venv --clear .venv || fail "The virtual environment .venv could not be made."
}

fill_venv() {
    local lock=$1 quiet=--quiet
    say "Installing the locked Python packages into .venv (some 400 MB to fetch the first time)."
    if [ -t 2 ]; then quiet=""; fi
    rm -f .venv/locked
    .venv/bin/python -m pip install ${quiet:+"$quiet"} --disable-pip-version-check --require-hashes \
        --only-binary :all: -r "$lock" >&2 || fail "The locked Python packages could not be installed."
    # The test lock holds everything of the other one, at the same versions.
    { digest <requirements.lock; if [ "$lock" != requirements.lock ]; then digest <"$lock"; fi; } >.venv/locked
}
