#!/bin/sh
# deb.sh - an installable Debian package of what `make install` installs: build/vidgen_VERSION_ARCH.deb
set -eu
cd "$(dirname "$0")/.."
build=${BUILD:-build}
command -v dpkg-deb >/dev/null && command -v dpkg-shlibdeps >/dev/null ||
    { echo "make deb needs dpkg-dev (apt-get install dpkg-dev)" >&2; exit 1; }
version=$(./vidgen version | awk '{ print $2 }')
arch=$(dpkg --print-architecture)
# The date of what is packaged, so that the same tree gives the same package.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}
export SOURCE_DATE_EPOCH
root=$build/deb/root
rm -rf "$build/deb"
mkdir -p "$root/DEBIAN" "$root/usr/share/doc/vidgen"
umask 022

make -s install DESTDIR="$root" PREFIX=/usr
strip --strip-unneeded "$root/usr/bin/vidgen"
gzip -9n "$root"/usr/share/man/man1/*.1
mkdir -p "$root/usr/share/doc/vidgen/examples"
cp README.md docs/*.md "$root/usr/share/doc/vidgen/"
cp -r examples/vlsi "$root/usr/share/doc/vidgen/examples/"
# fish and zsh look there for what packages bring
mkdir -p "$root/usr/share/zsh/vendor-completions"
mv "$root/usr/share/zsh/site-functions/_vidgen" "$root/usr/share/zsh/vendor-completions/"
rmdir "$root/usr/share/zsh/site-functions"
{
    echo "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/"
    echo "Upstream-Name: vidgen"
    echo
    echo "Files: *"
    echo "Copyright: $(sed -n 's/^Copyright (c) //p' LICENSE)"
    echo "License: Expat"
    sed '1,/^Copyright/d; s/^$/./; s/^/ /' LICENSE | sed '1{/^ \.$/d}'
} >"$root/usr/share/doc/vidgen/copyright"
maintainer="vidgen authors <maintainers@vidgen.invalid>"
printf 'vidgen (%s) stable; urgency=medium\n\n  * This version.\n\n -- %s  %s\n' "$version" "$maintainer" \
    "$(date -u -R -d "@$SOURCE_DATE_EPOCH")" | gzip -9n >"$root/usr/share/doc/vidgen/changelog.gz"

# shlibdeps reads a source package's control file; ours is the smallest that it takes.
mkdir -p "$build/deb/debian"
printf 'Source: vidgen\n\nPackage: vidgen\nArchitecture: any\n' >"$build/deb/debian/control"
depends=$(cd "$build/deb" && dpkg-shlibdeps -O "root/usr/bin/vidgen" 2>/dev/null | sed 's/^shlibs:Depends=//')
cat >"$root/DEBIAN/control" <<TEXT
Package: vidgen
Version: $version
Architecture: $arch
Maintainer: $maintainer
Installed-Size: $(du -sk "$root/usr" | cut -f1)
Depends: $depends, espeak-ng-data, fontconfig
Recommends: fonts-inter, fonts-jetbrains-mono, fonts-noto-core, ca-certificates
Suggests: fonts-noto-cjk, fonts-noto-color-emoji, hyphen-en-us
Section: video
Priority: optional
Description: turns JSON lessons into narrated videos
 A lesson is a title and sections with narration and a picture's prompt. vidgen
 fetches pictures and narration from remote services, or makes them itself
 without a network, renders every section with its effects and captions, and
 joins them to one video with chapters and subtitles.
 .
 What was fetched or rendered once is kept and never bought again.
TEXT
find "$root" -newermt "@$SOURCE_DATE_EPOCH" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
package=$build/vidgen_${version}_$arch.deb
dpkg-deb --root-owner-group -Zxz --build "$root" "$package" >/dev/null

# What a user will look for is there.
dpkg-deb -c "$package" >"$build/deb/files"
for f in bin/vidgen share/doc/vidgen/copyright share/bash-completion/completions/vidgen share/zsh/vendor-completions/_vidgen \
    share/fish/vendor_completions.d/vidgen.fish share/man/man1/vidgen.1.gz \
    $(./vidgen manual commands | sed 's,.*,share/man/man1/vidgen-&.1.gz,'); do
    grep -qF " ./usr/$f" "$build/deb/files" || { echo "$package: no /usr/$f in it" >&2; exit 1; }
done
echo "$package"
