# Torture: many lessons while 5 % of the answers are wrong, killed three times on the way: all that can finish do, the others say
# why and what helps, films are those of a quiet run, and nothing is bought twice but what was in flight at a kill, which is told.
# LESSONS=200 DRIPS=1 is `make torture`; it prints its figures.
. "$(dirname "$0")/../support/whole.sh"
need curl jq

n=${LESSONS:-10} cap=$((6 + ${LESSONS:-0} / 20))
drip=${DRIPS:+'{"route": ["image", "speech"], "share": 0.004, "fault": "drip"},'}
limits="--set workers.requests=$cap --set limits.attempts=4 --set limits.refused_ms=20000 ${DRIPS:+--set limits.request_ms=10000}"
calm='{"widest": 200, "polls": 1, "rules": [{"match": "Forbidden", "status": 400}]}'
rough='{"widest": 200, "polls": 1, "latency_ms": {"image": 40, "speech": 25, "replicate": 15, "media": 15}, "rules": [
    {"match": "Forbidden", "status": 400}, '$drip'
    {"route": ["image", "speech", "replicate", "poll", "media"], "share": 0.012, "status": 500},
    {"route": ["image", "speech", "replicate", "poll", "media"], "share": 0.012, "status": 429, "headers": {"Retry-After": "0"}},
    {"route": ["image", "speech", "poll", "media"], "share": 0.008, "fault": "reset"},
    {"route": ["image", "speech", "media"], "share": 0.006, "fault": "html"},
    {"route": ["image", "speech"], "share": 0.006, "fault": "truncated"},
    {"route": ["image", "speech", "media"], "share": 0.004, "fault": "short"},
    {"route": ["image", "speech"], "share": 0.004, "fault": "empty"},
    {"route": ["image"], "share": 0.004, "fault": "refusal"} ]}'

# Every third lesson's pictures are jobs with an id; of each ten one has a picture that is never made.
mkdir -p lessons/more
forbidden="" finished=""
for i in $(seq -w 1 "$n"); do
    f=lessons/L$i.json
    [ $((${i#"${i%%[!0]*}"} % 2)) -eq 0 ] && f=lessons/more/L$i.json
    lesson "$f" 2 "Course $i"
    case $i in
    *5) sed -i "s/Course $i picture 2/Forbidden $i/" "$f" && forbidden="$forbidden L$i" ;;
    *) finished="$finished L$i" ;;
    esac
    case $i in *[369]) sed -i 's/"video":/"image": { "provider": "replicate" }, "video":/' "$f" ;; esac
done
n_forbidden=$(echo $forbidden | wc -w)
build() {                                       # CACHE NAME of the output
    # shellcheck disable=SC2086
    exec "$vidgen" build --recursive $limits --set cache.dir="$dir/cache-$1" -o "out-$1" lessons </dev/null
}
made() { ls "out-$1" 2>/dev/null | grep -c '\.mp4$'; }

# ---------- a quiet run ----------
server_start "$calm"
config openai-image openai-speech
(build plain) >out 2>&1
same "quiet: exit code" 5 $?
same "quiet: films" $((n - n_forbidden)) "$(made plain)"
assets=$(stat .paid)
server_stop

# ---------- the same, with faults and three kills ----------
server_start "$rough"
config openai-image openai-speech
durable() { "$vidgen" cache stats --json --set cache.dir="$dir/cache-rough" | jq .calls; }
log_has() { [ "$(grep -c 'done by' "out.$kills")" -ge "$1" ]; }
kills=0 in_flight=0
for _ in 1 2 3; do
    build rough >"out.$kills" 2>&1 &
    killed=$! running=$!
    until_true "a part of the answers has come" log_has $((assets / 6))
    kill -9 $killed
    wait $killed 2>/dev/null
    running="" kills=$((kills + 1))
    until_true "the service has met the end of all connections" stat_is .open -le 1
    # sold, and not in flight at an earlier kill, and not in the ledger: that was in flight now
    now=$(($(stat '.paid + .spoilt') - in_flight - $(durable)))
    in_flight=$((in_flight + now))
done
runs=0
while :; do
    (build rough) >"out.$((kills + runs))" 2>&1
    code=$?
    runs=$((runs + 1))
    # a lesson that has no film is named, with what helps
    for l in $finished $forbidden; do
        [ -e "out-rough/$l.mp4" ] || grep "^$l: failed: " "out.$((kills + runs - 1))" | grep -qE -- '--retry-lost|other words may pass|run again|asks again' ||
            { say_bad "$l has no film, and nothing says why and what helps (run $runs)"; grep "^$l[:/]" "out.$((kills + runs - 1))"; }
    done
    [ "$(made rough)" -lt $((n - n_forbidden)) ] && [ $runs -lt 12 ] || break
done
same "exit code of the last run" 5 "$code"
for l in $finished; do
    for e in mp4 srt vtt jpg; do cmp "out-plain/$l.$e" "out-rough/$l.$e" || say_bad "$l.$e is that of a quiet run"; done
done
for l in $forbidden; do [ ! -e "out-rough/$l.mp4" ] || say_bad "$l cannot have a film"; done
told=$(cat out.* | grep -c 'may be paid twice')
twice=$(($(stat '.paid + .spoilt') - $(durable)))
same "bought again: what was in flight at a kill" $in_flight $twice
at_most "bought again without a word of it" "$told" $twice
same "each asset paid once, but for these" $((assets + twice)) "$(stat .paid)"
same "films beside films" "$(ls out-plain)" "$(ls out-rough)"
is_tidy "$dir/cache-rough" || say_bad "nothing is left over"
[ -z "${LESSONS:-}" ] || echo "$n lessons, $assets assets, $(($(stat .faults) - $(cat out.* | grep -c 'HTTP 400'))) faults in $(stat .requests) answers, $kills kills, $runs more runs; in flight at a kill and bought again $twice, told $told"
finish
