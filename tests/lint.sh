#!/bin/sh
# lint.sh - both compilers without a warning, the layering, clang-tidy and cppcheck
set -u
cd "$(dirname "$0")/.."
bad=0
for cc in gcc clang; do
    make -s -j2 CC=$cc BUILD=build/lint-$cc OPT='-O2 -g -Werror' "build/lint-$cc/vidgen" unit tools >/dev/null || bad=1
done
sh tests/whole/layering.sh || bad=1
sources=$(git ls-files 'gen/*.c' 'api/*.c' 'compose/*.c' 'cmd/*.c')
flags="-std=c11 -D_GNU_SOURCE -I. $(pkg-config --cflags-only-I libavcodec pangocairo librsvg-2.0 libcjson yaml-0.1 | sed 's/-I/-isystem /g')"
if command -v cppcheck >/dev/null; then
    cppcheck -q --std=c11 --inline-suppr --error-exitcode=1 --enable=warning,portability -I. -D_GNU_SOURCE --suppress=missingIncludeSystem $sources || bad=1
fi
if command -v clang-tidy >/dev/null; then
    echo "$sources" | xargs -P2 -n8 sh -c 'clang-tidy --quiet --warnings-as-errors="*" "$@" -- '"$flags"' 2>/dev/null' sh || bad=1
fi
exit $bad
