#!/bin/sh
# update.sh [--check] - the parts of the documentation that the program writes: between "<!-- vidgen ... -->" and "<!-- end -->".
# --check: changes nothing, fails where a page is not up to date.
set -eu
cd "$(dirname "$0")/.."
vidgen=${VIDGEN:-$PWD/vidgen}
new=$(mktemp) && trap 'rm -f "$new"' EXIT
bad=0
for page in docs/*.md; do
    awk -v vidgen="$vidgen" '
        /^<!-- end -->$/ { skip = 0 }
        !skip
        /^<!-- vidgen .* -->$/ {
            command = "\"" vidgen "\"" substr($0, 12, length($0) - 15)
            print ""
            while ((command | getline line) > 0) { print line; last = line }
            close(command)
            if (last != "") print ""
            skip = 1
        }' "$page" >"$new"
    cmp -s "$page" "$new" && continue
    if [ "${1:-}" = --check ]; then
        echo "$page is not what the program says; \"make docs\" writes it anew"
        bad=1
    else
        cat "$new" >"$page"
        echo "$page is written anew"
    fi
done
exit $bad
