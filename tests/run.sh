#!/bin/sh
# run.sh [PATTERN] - runs every test program and whole-program script, then prints one line of totals
set -u
cd "$(dirname "$0")/.."
build=${BUILD:-build}
pattern=${1:-}
passed=0 failed=0 skipped=0 broken=""
out=$(mktemp) && trap 'rm -f "$out"' EXIT
export VIDGEN="$PWD/vidgen" BUILD="$build" LC_ALL=C.UTF-8
export LSAN_OPTIONS="suppressions=$PWD/tests/support/lsan.txt:print_suppressions=0"

# Tests of the store sync files by the thousand: in memory that takes no time. 500 MB free there will do.
if [ -z "${TMPDIR:-}" ] && [ -w /dev/shm ] && [ "$(df -Pk /dev/shm | awk 'NR == 2 { print $4 }')" -gt 500000 ]; then
    export TMPDIR=/dev/shm
fi

count() { sed -n "s/^\[ *$1 *\] \([0-9][0-9]*\) test(s).*/\1/p" "$out" | head -1; }

for t in "$build"/tests/*; do
    [ -f "$t" ] && [ -x "$t" ] || continue
    case "$t" in *"$pattern"*) ;; *) continue ;; esac
    "$t" >"$out" 2>&1; rc=$?
    p=$(count PASSED) f=$(count FAILED) s=$(count SKIPPED)
    passed=$((passed + ${p:-0})) failed=$((failed + ${f:-0})) skipped=$((skipped + ${s:-0}))
    echo "$(basename "$t"): ${p:-0} passed, ${f:-0} failed, ${s:-0} skipped"
    if [ $rc -ne 0 ]; then
        grep -v -e '^\[ *RUN' -e '^\[ *OK' "$out"
        broken="$broken $(basename "$t")"
        [ "${f:-0}" -gt 0 ] || failed=$((failed + 1))
    fi
done

# Whole-program tests: shell scripts, exit 0 passed, 77 skipped (last line says why).
for t in tests/whole/*.sh; do
    [ -f "$t" ] || continue
    case "$t" in *"$pattern"*) ;; *) continue ;; esac
    sh "$t" >"$out" 2>&1; rc=$?
    case $rc in
    0) passed=$((passed + 1)); echo "$(basename "$t" .sh): passed" ;;
    77) skipped=$((skipped + 1)); echo "$(basename "$t" .sh): skipped: $(tail -1 "$out")" ;;
    *) failed=$((failed + 1)); broken="$broken $(basename "$t" .sh)"; echo "$(basename "$t" .sh): FAILED"; cat "$out" ;;
    esac
done

[ -z "$broken" ] || echo "failed:$broken"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
