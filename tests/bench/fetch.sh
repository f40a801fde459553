#!/bin/sh
# fetch.sh [PART...] - how fast and how considerately fetching is, against what is possible and against other ways, as a table
#
# Parts: classic order scale limits faults (all of them when none is named). A modelled service (tests/tools/loadserver.c) gives every program the
# same latencies and judges all from its own log. Latencies are 1/20 of real ones (pictures 8 s, speech 3 s on average, lognormal;
# SCALE=0.2 for another scale, CASES="20/16" for 20 videos at a cap of 16, PEERS= for vidgen alone). A line ends
# in "ok" or in "over" when it misses what is wanted; the exit code tells whether one did. Nothing else should run on the machine.
cd "$(dirname "$0")/../.." || exit 1
ROOT=$PWD
. tests/support/whole.sh
need curl jq awk
export OPENAI_API_KEY=bench
ulimit -n "$(ulimit -Hn)"

say() { printf '%s\n' "$1"; }

# OPTIONS...: the service, with these over the usual ones
load_start() {
    rm -f port
    "$whole_build/tools/loadserver" 0 image.is_json=1 "$@" >port &
    server=$!
    until_true "the service starts" test -s port
    port=$(head -1 port)
    cat >config.yaml <<YAML
providers:
  image: openai-image
  speech: openai-speech
  openai-image: {base: "http://127.0.0.1:$port/v1", concurrency: 10000, adaptive: ${adaptive:-false}}
  openai-speech: {base: "http://127.0.0.1:$port/v1", concurrency: 10000, adaptive: ${adaptive:-false}}
YAML
}

# DIR LESSONS SECTIONS [speech]: lessons with their own texts; with "speech" narrations only
lessons() {
    rm -rf "$1"; mkdir "$1"
    awk -v dir="$1" -v n="$2" -v k="$3" -v only="${4:-}" 'BEGIN {
        for (i = 0; i < n; i++) {
            f = sprintf("%s/l%05d.json", dir, i)
            printf "{\"id\": \"l%05d\", \"title\": \"Lesson %d\", \"transition\": \"none\", \"sections\": [", i, i > f
            for (s = 0; s < k; s++)
                printf "%s\n{\"narration\": \"Lesson %d says its part %d.\", %s}", s ? "," : "", i, s,
                    only ? "\"background\": \"#000000\"" : sprintf("\"image_prompt\": \"picture %d of lesson %d\"", s, i) > f
            print "]}" > f
            close(f)
        }
    }'
}

# CAP DIR OPTIONS...: vidgen fetches; ./cost and ./verdict tell how
fetch() {
    fetch_cap=$1 fetch_dir=$2
    shift 2
    cache_n=$((${cache_n:-0} + 1))            # none is removed in between: ext4 is slow to make files right after many were
    timeout 300 "$whole_build/tools/measure" cost "$vidgen" fetch --unchecked --set workers.requests="$fetch_cap" --set cache.dir="$dir/cache$cache_n" "$@" \
        "$fetch_dir" >out 2>&1 </dev/null
    fetch_rc=$?
    [ "$fetch_rc" = 0 ] || { say "  vidgen fetch ended with $fetch_rc:"; tail -3 out; bad=1; }
    verdict "$fetch_cap" 0
}
verdict() { curl -sS "http://127.0.0.1:$port/judge?cap=$1&skip=$2" >verdict; }
forget() { curl -sS "http://127.0.0.1:$port/forget" >/dev/null; }
v() { jq -r "$1" verdict; }
c() { jq -r "$1" cost; }

# TEXT VALUE WANTED UNIT HIGH|LOW: a line of the table; LOW: the value may not be below
line() {
    printf '%-58s %9s %-6s' "$1" "$2" "$4"
    if awk -v a="$2" -v b="$3" -v d="$5" 'BEGIN { exit !(d == "HIGH" ? a <= b : a >= b) }'; then
        printf ' %s %-8s ok\n' "$([ "$5" = HIGH ] && echo 'at most ' || echo 'at least')" "$3"
    else
        printf ' %s %-8s over\n' "$([ "$5" = HIGH ] && echo 'at most ' || echo 'at least')" "$3"
        bad=1
    fi
}

# ---------- the classic case: pictures 10 s, narrations 5 s, at 1/20 ----------

classic() {
    load_start image.mean_ms=10000 speech.mean_ms=5000 image.sigma=0 speech.sigma=0
    lessons one 1 10
    lessons eight 8 10
    say "ten sections, pictures 10 s, narrations 5 s (times of the full scale)"
    fetch 20 one
    line "  one video, all sections at once" "$(v '.makespan_s * 20 * 10 | round / 10')" 10.2 s HIGH
    forget; fetch 20 one --set workers.sections=4
    line "  one video, 4 sections at once" "$(v '.makespan_s * 20 * 10 | round / 10')" 30.6 s HIGH
    forget; fetch 64 eight --set workers.videos=2
    line "  eight videos, 2 at once" "$(v '.makespan_s * 20 * 10 | round / 10')" 41 s HIGH
    forget; fetch 64 eight
    line "  eight videos, as many as fill the cap of 64" "$(v '.makespan_s / .graham_s * 1000 | round / 1000')" 1.02 Graham HIGH
    server_stop
}

# ---------- work conservation and makespan, beside other designs ----------

other() {                                                             # NAME CAP VIDEOS
    forget
    case $1 in
    curl)
        awk -v b="http://127.0.0.1:$port" -v n="$3" 'BEGIN { for (v = 0; v < n; v++) for (s = 0; s < 10; s++)
            printf "url=\"%s/images/%d/%d\"\noutput=/dev/null\nurl=\"%s/audio/%d/%d\"\noutput=/dev/null\n", b, v, s, b, v, s }' >list
        timeout 300 curl -sS --parallel --parallel-immediate --parallel-max "$2" -K list >/dev/null 2>&1 ;;
    *)  timeout 300 /usr/bin/python3 "$ROOT/tests/bench/peers.py" "$1" "http://127.0.0.1:$port" "$3" 10 "$2" >/dev/null 2>&1 ;;
    esac || { printf ' %10s' -; return; }
    verdict "$2" 0
    printf ' %10s' "$(v '.makespan_s / .bound_s * 100 | round / 100')"
}

order() {
    load_start "seed=${SEED:-1}" "scale=${SCALE:-0.05}"
    say "pictures and narrations, makespan against the lower bound: vidgen, nested pools, asyncio, curl --parallel"
    for case in ${CASES:-1/8 1/20 8/32 100/8 100/16 100/32 100/64}; do
        videos=${case%/*} cap=${case#*/}
        lessons many "$videos" 10
        forget; fetch "$cap" many
        cp verdict own
        printf '  %3s videos, cap %-3s %10s' "$videos" "$cap" "$(v '.makespan_s / .bound_s * 100 | round / 100')"
        for peer in ${PEERS-nested asyncio curl}; do other $peer "$cap" "$videos"; done
        echo
        cp own verdict
        line "    against Graham's bound" "$(v '.makespan_s / .graham_s * 1000 | round / 1000')" 1.02 "" HIGH
        [ "$videos" -lt 20 ] || line "    slots in use until the last request" "$(v '.busy * 1000 | round / 1000')" 0.99 "" LOW
        [ "$case" != 1/20 ] || line "    against the lower bound" "$(v '.makespan_s / .bound_s * 1000 | round / 1000')" 1.02 "" HIGH
    done
    server_stop
}

# ---------- CPU and memory ----------

scale() {
    say "what a request costs (the whole program: plan, loop, ledger, files)"
    for n in 1000 10000; do
        load_start scale=1 speech.mean_ms=2000 speech.bytes=2000
        lessons loads $((n * 3 / 20)) 20 speech
        fetch "$n" loads
        line "  2 kB, $n in flight: CPU" "$(jq -s '.[0].cpu_s * 1e6 / .[1].requests | round' cost verdict)" 300 us HIGH
        line "  2 kB, $n in flight: memory" "$(c .rss_mb)" $((15 + n * 20 / 1000 + n * 3 * 2 / 1000)) MB HIGH
        line "  2 kB, $n in flight: reached" "$(v .peak)" "$n" "" LOW
        server_stop
    done
    load_start scale=0.2 image.bytes=640000
    lessons loads 50 10
    fetch 64 loads
    line "  850 kB (base64 in JSON) and 200 kB, 64 in flight: CPU" "$(jq -s '.[0].cpu_s * 1e3 / .[1].requests * 100 | round / 100' cost verdict)" 2.5 ms HIGH
    line "  the same: memory" "$(c .rss_mb)" 60 MB HIGH
    server_stop
}

# ---------- hidden limits ----------

# NAME CAP USED REFUSED OPTIONS...: used and refused after the first 30 s of the full scale
hidden() {
    hidden_name=$1 hidden_cap=$2 hidden_used=$3 hidden_refused=$4
    shift 4
    adaptive=true
    load_start scale=0.05 speech.mean_ms=8000 speech.bytes=2000 "$@"
    adaptive=
    lessons loads "${hidden_lessons:-75}" 20 speech
    # shellcheck disable=SC2086 # several options
    fetch "$hidden_cap" loads ${hidden_set:-}
    verdict "$hidden_cap" 1.5
    line "  $hidden_name: share of it used" "$(v '.used * 1000 | round / 1000')" "$hidden_used" "" LOW
    line "  $hidden_name: answered 429" "$(v '.refused / .requests * 1000 | round / 10')" "$hidden_refused" % HIGH
    server_stop
}

limits() {
    say "limits that nobody told of (1500 requests of speech, mean 0.4 s)"
    hidden "20 at once" 256 0.97 1 speech.limit=20
    hidden "20 at once, no Retry-After" 256 0.97 1 speech.limit=20 speech.tells_when=0
    hidden_lessons=300 hidden "200 at once" 400 0.90 1 speech.limit=200
    hidden "20, 8, 32, 20 at once" 256 0.88 2.5 speech.limit=0:20+10:8+20:32+30:20
    hidden "50 a second" 256 0.89 2.9 speech.rate=150 speech.window_s=3 speech.burst=10
    hidden "50 a second, told in headers" 256 0.97 1 speech.rate=150 speech.window_s=3 speech.burst=10 speech.tells_left=1
    hidden "150 in 3 s" 256 0.97 1 speech.rate=150 speech.window_s=3 speech.is_fixed_window=1
    hidden "150 in 3 s, told in headers" 256 0.97 1 speech.rate=150 speech.window_s=3 speech.is_fixed_window=1 speech.tells_left=1
    hidden "16 at once and 50 a second" 256 0.97 1 speech.limit=16 speech.rate=150 speech.window_s=3 speech.burst=10
    hidden_set="--set providers.openai-speech.rpm=3000" hidden "50 a second, documented" 256 0.95 0 speech.rate=150 speech.window_s=3 speech.burst=10
    hidden_set=
}

# ---------- faults ----------

faults() {
    load_start speech.p_500=0.03 speech.p_reset=0.02 speech.p_drip=0.03 image.p_500=0.03 image.p_reset=0.02 image.p_drip=0.03
    lessons loads 20 10
    fetch 16 loads --retry-lost
    say "3 % answered 500, 2 % reset, 3 % dripping"
    line "  assets" "$(v .jobs)" 400 "" LOW
    line "  requests for 400 assets" "$(v .requests)" 440 "" HIGH
    server_stop
}

[ $# -gt 0 ] || set -- classic order scale limits faults
for part; do "$part"; done
finish
