#!/bin/sh
# bench_fetch.sh - how long fetching takes against what is possible: ten sections, a picture takes 800 ms and a narration 300 ms
#
# Cap 20: against the slowest request, which nothing can beat. Cap 4: against Graham's bound for list scheduling, sum/C + (1 - 1/C) x longest,
# which no order that keeps its slots busy passes (R. L. Graham, "Bounds on multiprocessing timing anomalies", 1969).
cd "$(dirname "$0")/.." || exit 1
ROOT=$PWD
. tests/support/whole.sh
need curl jq

# CAP BOUND-IN-MS NAME LIMIT
measure() {
    run "cap $1" 0 "$vidgen" build --json --set workers.requests="$1" --set cache.dir="$dir/cache-$1" -o "out-$1" l.json
    fetch=$(jq -r 'select(.event == "end").fetch_ms' out)
    at_most "in flight under cap $1" "$1" "$(stat .max_in_flight)"
    awk -v c="$1" -v f="$fetch" -v b="$2" -v n="$3" -v l="$4" \
        'BEGIN { printf "fetching ten sections, cap %d: %d ms, %.2f of %s, %d ms (at most %s is wanted)\n", c, f, f / b, n, b, l }'
}
lesson l.json 10 Wafer
for cap in 4 20; do
    server_start "{\"cap\": $cap, \"latency_ms\": {\"image\": 800, \"speech\": 300}}"
    config openai-image openai-speech
    if [ $cap = 20 ]; then measure 20 800 "the slowest request" 1.15; else measure 4 3350 "Graham's bound" 1.10; fi
    server_stop
done
finish
