#!/bin/bash
# Installs what Matinee needs from the system, and nothing when it is all there.
#
#   scripts/system_packages.sh GROUP...      groups: python window test bench
#
# It looks for the things themselves (a library, a command, a plugin), so it is right on every
# distribution; only the installing is Debian's. Elsewhere it says what is missing and fails.
set -euo pipefail
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin # ldconfig and nginx, for those who are not root
export LC_ALL=C

# group  kind    thing                     Debian's package
NEEDS='
python   python  3.11                      python3
python   python  3.11                      python3-venv
window   lib     libEGL.so.1               libegl1
window   lib     libGL.so.1                libgl1
window   lib     libX11-xcb.so.1           libx11-xcb1
window   lib     libXext.so.6              libxext6
window   lib     libXrandr.so.2            libxrandr2
window   lib     libdbus-1.so.3            libdbus-1-3
window   lib     libdrm.so.2               libdrm2
window   lib     libfontconfig.so.1        libfontconfig1
window   lib     libglib-2.0.so.0          libglib2.0-0
window   lib     libgssapi_krb5.so.2       libgssapi-krb5-2
window   lib     libpulse.so.0             libpulse0
window   lib     libwayland-client.so.0    libwayland-client0
window   lib     libwayland-cursor.so.0    libwayland-cursor0
window   lib     libwayland-egl.so.1       libwayland-egl1
window   lib     libxcb-cursor.so.0        libxcb-cursor0
window   lib     libxcb-icccm.so.4         libxcb-icccm4
window   lib     libxcb-image.so.0         libxcb-image0
window   lib     libxcb-keysyms.so.1       libxcb-keysyms1
window   lib     libxcb-randr.so.0         libxcb-randr0
window   lib     libxcb-render-util.so.0   libxcb-render-util0
window   lib     libxcb-shape.so.0         libxcb-shape0
window   lib     libxcb-shm.so.0           libxcb-shm0
window   lib     libxcb-sync.so.1          libxcb-sync1
window   lib     libxcb-util.so.1          libxcb-util1
window   lib     libxcb-xfixes.so.0        libxcb-xfixes0
window   lib     libxcb-xkb.so.1           libxcb-xkb1
window   lib     libxkbcommon-x11.so.0     libxkbcommon-x11-0
window   lib     libxkbcommon.so.0         libxkbcommon0
window   font    ttf                       fonts-dejavu-core
test     cmd     chromium|chromium-browser chromium
test     cmd     firefox-esr|firefox       firefox-esr
test     cmd     WebKitWebDriver           webkit2gtk-driver
test     gst     libav                     gstreamer1.0-libav
test     gst     isomp4                    gstreamer1.0-plugins-good
test     gst     videoparsersbad           gstreamer1.0-plugins-bad
test     cmd     Xvfb                      xvfb
test     cmd     xauth                     xauth
test     cmd     ffmpeg                    ffmpeg
test     cmd     pulseaudio                pulseaudio
test     cmd     pactl                     pulseaudio-utils
bench    cmd     nginx                     nginx-light
bench    cmd     curl                      curl
bench    cmd     gcc                       gcc
bench    cmd     python3-config            python3-dev
'

say() { printf 'matinee: %s\n' "$*" >&2; }

is_there() { # kind thing
    case $1 in
    python) "$(dirname "$0")/find_python.sh" >/dev/null ;;
    lib) [[ $libraries == *"$2 "* ]] ;;
    cmd) command -v ${2//|/ } >/dev/null ;; # any of them
    gst) compgen -G "/usr/lib*/gstreamer-1.0/libgst$2.so" >/dev/null ||
        compgen -G "/usr/lib/*/gstreamer-1.0/libgst$2.so" >/dev/null ;;
    font) [[ -n $(find -L /usr/share/fonts /usr/local/share/fonts "$HOME/.fonts" \
        \( -name '*.ttf' -o -name '*.otf' \) -print -quit 2>/dev/null) ]] ;;
    esac
}

list_missing() { # group...
    local group kind thing package
    libraries=$(ldconfig -p 2>/dev/null || true)
    while read -r group kind thing package; do
        [[ " $* " == *" $group "* ]] || continue
        is_there "$kind" "$thing" || echo "$package"
    done < <(grep . <<<"$NEEDS")
}

as_root() {
    if [[ $(id -u) == 0 ]]; then "$@" >&2; else sudo "$@" >&2; fi
}

install() { # package...
    if [[ $(id -u) != 0 ]] && ! command -v sudo >/dev/null; then
        say "these packages are missing, and installing them takes root or sudo:"
        say "    apt-get install $*"
        exit 1
    fi
    say "installing from the system's packages: $*"
    local get=(env DEBIAN_FRONTEND=noninteractive apt-get --yes --quiet)
    # Lists may be missing altogether, or name versions that the mirror has dropped.
    if ! apt-cache show "$@" >/dev/null 2>&1 ||
        ! as_root "${get[@]}" install --no-install-recommends "$@"; then
        as_root "${get[@]}" update
        as_root "${get[@]}" install --no-install-recommends "$@"
    fi
}

# Elsewhere Qt brings what the window needs; the tests' browsers come from Linux distributions.
if [[ $(uname) != Linux ]]; then
    set -- $(for group in "$@"; do [[ $group == window ]] || echo "$group"; done)
fi

mapfile -t missing < <(list_missing "$@")
((${#missing[@]})) || exit 0
if ! command -v apt-get >/dev/null; then
    say "some things are missing, and this system has no apt-get. Install what matches these"
    say "packages of Debian, then try again:"
    say "    ${missing[*]}"
    exit 1
fi
install "${missing[@]}"
mapfile -t missing < <(list_missing "$@")
if ((${#missing[@]})); then
    say "still missing after the installation: ${missing[*]}"
    exit 1
fi
