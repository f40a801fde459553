#!/bin/sh
# setup.sh [test|lint|bench] - installs what vidgen needs to build, run and be tested; quick when all is there. With "test" also a server of
# HTTP/2, node for the contract checks and Chromium for pages, which are skipped without them; with "lint" what checks the code, with "bench" what others are measured with.
# Debian and Ubuntu: by apt-get (root or sudo). Elsewhere it prints the packages to install.
set -eu

debian="build-essential pkg-config git ca-certificates
 libcurl4-openssl-dev libcjson-dev libavformat-dev libavcodec-dev libswscale-dev
 libswresample-dev libavutil-dev libssl-dev libyaml-dev libsqlite3-dev libespeak-ng-dev espeak-ng-data
 libpango1.0-dev libcairo2-dev librsvg2-dev liblcms2-dev libheif-dev zlib1g-dev libebur128-dev libhyphen-dev hyphen-en-us
 libcmocka-dev libmicrohttpd-dev ffmpeg jq curl
 fonts-inter fonts-jetbrains-mono fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji"
[ "${1:-}" != test ] || debian="$debian nghttp2-server python3 openssl zsh fish"
[ "${1:-}" != bench ] || debian="$debian python3-aiohttp python3-requests python3-numpy python3-pil"
[ "${1:-}" != lint ] || debian="$debian clang clang-tidy clang-format cppcheck"

# What pkg-config must know, for systems whose package manager is not asked.
modules="libcurl libcjson libavformat libavcodec libswscale libswresample libcrypto yaml-0.1 sqlite3 espeak-ng
 pangocairo pangoft2 librsvg-2.0 libebur128 lcms2 libheif zlib cmocka libmicrohttpd"

say_others() {
    cat <<'TEXT'
vidgen needs these packages; please install them and run make again.
Fedora, with RPM Fusion (its FFmpeg has libx264):
  sudo dnf install gcc make pkgconf-pkg-config git libcurl-devel cjson-devel ffmpeg-devel ffmpeg openssl-devel libyaml-devel \
    sqlite-devel espeak-ng-devel pango-devel cairo-devel librsvg2-devel lcms2-devel libheif-devel libheif-freeworld zlib-devel libebur128-devel hyphen-devel hyphen-en \
    libcmocka-devel libmicrohttpd-devel nghttp2 zsh fish jq rsms-inter-fonts jetbrains-mono-fonts google-noto-sans-fonts google-noto-sans-cjk-fonts \
    google-noto-color-emoji-fonts python3 chromium chromedriver clang clang-tools-extra cppcheck
Arch:
  sudo pacman -S --needed base-devel git curl cjson ffmpeg openssl libyaml sqlite espeak-ng pango cairo librsvg lcms2 libheif zlib libebur128 \
    hyphen hyphen-en cmocka libmicrohttpd zsh fish jq inter-font ttf-jetbrains-mono noto-fonts noto-fonts-cjk noto-fonts-emoji python chromium \
    clang cppcheck
macOS (the libraries; the program itself still needs Linux: memfd, openat2, parent-death signals):
  brew install pkg-config git curl cjson ffmpeg openssl@3 libyaml sqlite espeak-ng pango cairo librsvg little-cms2 libheif zlib libebur128 \
    cmocka libmicrohttpd jq llvm cppcheck
  brew install --cask font-inter font-jetbrains-mono font-noto-sans font-noto-sans-cjk-sc font-noto-color-emoji
TEXT
}

if ! command -v dpkg-query >/dev/null 2>&1 || ! command -v apt-get >/dev/null 2>&1; then
    # shellcheck disable=SC2086 # a list of words
    pkg-config --exists $modules 2>/dev/null && exit 0
    say_others
    exit 1
fi

missing=""
for p in $debian; do
    dpkg-query -W -f '${db:Status-Status}' "$p" 2>/dev/null | grep -qx installed || missing="$missing $p"
done
node="" browser=""
if [ "${1:-}" = test ] && ! command -v npm >/dev/null 2>&1; then node="nodejs npm"; fi
if [ "${1:-}" = test ] && ! command -v chromedriver >/dev/null 2>&1; then browser="chromium chromium-driver"; fi
[ -n "$missing$node$browser" ] || exit 0

as_root=""
if [ "$(id -u)" != 0 ]; then
    as_root=sudo
    [ -n "$missing" ] || exit 0
    command -v sudo >/dev/null 2>&1 || { echo "please install as root: apt-get install$missing" >&2; exit 1; }
fi
echo "installing:$missing $node $browser"
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
install() {
    $as_root apt-get update -qq && $as_root apt-get install -y -qq --no-install-recommends "$@"
}
# shellcheck disable=SC2086 # a list of words
if [ -n "$missing" ] && ! install $missing >"$log" 2>&1; then
    tail -20 "$log" >&2
    exit 1
fi
# shellcheck disable=SC2086
if [ -n "$node" ] && ! install $node >"$log" 2>&1; then
    echo "node and npm cannot be installed; the contract checks will be skipped"
fi
# shellcheck disable=SC2086
if [ -n "$browser" ] && ! install $browser >"$log" 2>&1; then
    echo "Chromium and its driver cannot be installed; the test of report.html in a browser will be skipped"
fi
