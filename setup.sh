#!/bin/sh
# setup.sh - installs what vidgen needs to build, run and be tested; quick when everything is there.
# Debian and Ubuntu: by apt-get (root or sudo). Elsewhere it prints the packages to install.
set -eu

debian="build-essential clang pkg-config git ca-certificates
 libcurl4-openssl-dev libcjson-dev libavformat-dev libavcodec-dev libavfilter-dev libswscale-dev
 libswresample-dev libavutil-dev libssl-dev libyaml-dev libsqlite3-dev libespeak-ng-dev espeak-ng-data
 libpango1.0-dev libcairo2-dev librsvg2-dev libebur128-dev libhyphen-dev hyphen-en-us
 libcmocka-dev libmicrohttpd-dev ffmpeg jq
 fonts-inter fonts-jetbrains-mono fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji"

say_others() {
    cat <<'TEXT'
vidgen needs these packages; please install them and run make again.
Fedora:  sudo dnf install gcc clang make pkgconf-pkg-config git libcurl-devel cjson-devel ffmpeg-free-devel ffmpeg-free openssl-devel libyaml-devel sqlite-devel espeak-ng-devel pango-devel cairo-devel librsvg2-devel libebur128-devel hyphen-devel hyphen-en libcmocka-devel libmicrohttpd-devel jq rsms-inter-fonts jetbrains-mono-fonts google-noto-sans-fonts google-noto-sans-cjk-fonts google-noto-color-emoji-fonts
Arch:    sudo pacman -S --needed base-devel clang git curl cjson ffmpeg openssl libyaml sqlite espeak-ng pango cairo librsvg libebur128 hyphen hyphen-en cmocka libmicrohttpd jq inter-font ttf-jetbrains-mono noto-fonts noto-fonts-cjk noto-fonts-emoji
macOS:   brew install pkg-config git curl cjson ffmpeg openssl@3 libyaml sqlite espeak-ng pango cairo librsvg libebur128 hyphen cmocka libmicrohttpd jq && brew install --cask font-inter font-jetbrains-mono font-noto-sans font-noto-sans-cjk font-noto-color-emoji
TEXT
}

if ! command -v dpkg-query >/dev/null 2>&1 || ! command -v apt-get >/dev/null 2>&1; then
    if pkg-config --exists libcurl libcjson libavformat yaml-0.1 sqlite3 pangocairo librsvg-2.0 cmocka 2>/dev/null; then
        exit 0
    fi
    say_others
    exit 1
fi

missing=""
for p in $debian; do
    dpkg-query -W -f '${db:Status-Status}' "$p" 2>/dev/null | grep -qx installed || missing="$missing $p"
done
[ -n "$missing" ] || exit 0

as_root=""
if [ "$(id -u)" != 0 ]; then
    as_root=sudo
    command -v sudo >/dev/null 2>&1 || { echo "please install as root: apt-get install$missing" >&2; exit 1; }
fi
echo "installing:$missing"
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { $as_root apt-get update -qq && $as_root apt-get install -y -qq --no-install-recommends $missing; } >"$log" 2>&1; then
    tail -20 "$log" >&2
    exit 1
fi
