# Eight processes on one cache and one list of lessons, and `cache gc` again and again beside them: each asset is bought once, all end well,
# nothing in use is removed, and a process that died holds no lock.
. "$(dirname "$0")/../support/whole.sh"
need curl jq

server_start '{"latency_ms": {"image": 60, "speech": 40}, "polls": 1, "widest": 200}'
config openai-image openai-speech
mkdir lessons
for i in 1 2 3; do lesson lessons/l$i.json 2 "Wafer $i"; done
sed -i 's/"video":/"image": { "provider": "replicate" }, "video":/' lessons/l3.json

# One that dies while it buys: what it held is free at once.
"$vidgen" build --set workers.requests=3 -o dead lessons </dev/null >log0 2>&1 &
dead=$! running=$!
until_true "the first one buys" stat_is .paid -ge 1
kill -9 $dead
wait $dead 2>/dev/null
running=""
until_true "the service has met all that it sent" stat_is .open -le 1

for n in 1 2 3 4 5 6 7 8; do
    # two write to one place
    "$vidgen" build --set workers.requests=3 --set workers.render=1 -o "out$((n % 7))" lessons </dev/null >"log$n" 2>&1 &
    eval "pid$n=$!"
    running="$running $!"
done
all_plan() { for n in 1 2 3 4 5 6 7 8; do grep -qE 'there already|videos' "log$n" || return 1; done; }
until_true "all have met what is there" all_plan
# All that may go, goes; what a live run has met stays.
(
    while [ ! -e enough ]; do
        "$vidgen" cache gc --max-size 0 --paid >gc.log 2>&1 || { cp gc.log gc.bad; break; }
    done
) &
gc=$! running="$running $!"
for n in 1 2 3 4 5 6 7 8; do
    eval "wait \$pid$n"
    code=$?
    [ $code -eq 0 ] || { say_bad "process $n: exit code $code"; cat "log$n"; }
done
: >enough
wait $gc
running=""
[ ! -e gc.bad ] || { say_bad "gc goes well beside them"; cat gc.bad; }
for n in 2 3 4 5 6 0; do
    for f in l1 l2 l3; do cmp out1/$f.mp4 "out$n/$f.mp4" || say_bad "$f is the same from all"; done
done
at_most "bought again: what the dead one had in flight" "$(cat log1 log2 log3 log4 log5 log6 log7 log8 | grep 'may be paid twice' | sed 's/.*warning: //' | sort -u | wc -l)" "$(($(stat .paid) - 12))"
is_tidy "$XDG_CACHE_HOME/vidgen" || say_bad "nothing is left over"
run "the cache is whole" 0 "$vidgen" cache verify
finish
