# The Debian package holds the program, a manual page for every command and the completions, and says what it needs.
. "$(dirname "$0")/../support/whole.sh"
need dpkg-deb dpkg-shlibdeps
[ -x "$whole_root/packaging/deb.sh" ] || exit 77

run "a package is made" 0 env -u MAKEFLAGS -u MAKELEVEL make -s -C "$whole_root" deb BUILD="$whole_build"
package=$(tail -1 out)
case $package in /*) ;; *) package=$whole_root/$package ;; esac
dpkg-deb -c "$package" >files
has "with the program" files ./usr/bin/vidgen
for c in $("$vidgen" manual commands); do has "a page for $c" files "./usr/share/man/man1/vidgen-$c.1.gz"; done
for f in bash-completion/completions/vidgen zsh/vendor-completions/_vidgen fish/vendor_completions.d/vidgen.fish doc/vidgen/copyright; do
    has "and $f" files "./usr/share/$f"
done
dpkg-deb -f "$package" Depends >depends
for lib in libavcodec libcurl libpango librsvg espeak-ng-data; do has "it depends on $lib" depends "$lib"; done
finish
