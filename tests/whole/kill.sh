# Kill -9 at several moments, then again until done: nothing that was answered is bought twice, jobs go on by their id, the film is the same.
. "$(dirname "$0")/../support/whole.sh"
need curl jq

cap=3
start() {                                       # NAME IMAGE: in the background, $! in $killed
    "$vidgen" build --json --image "$2" --set workers.requests=$cap --set cache.dir="$dir/cache-$1" -o "out-$1" l.json >"log-$1" 2>"err-$1" </dev/null &
    killed=$! running="$running $!"
}
stop_hard() { kill -9 "$killed" 2>/dev/null; wait "$killed" 2>/dev/null; running=${running% "$killed"}; }
finish_run() {                                  # NAME IMAGE
    run "$1: the run after" 0 "$vidgen" build --image "$2" --set workers.requests=$cap --set cache.dir="$dir/cache-$1" -o "out-$1" l.json
    is_tidy "$dir/cache-$1" || say_bad "$1: something is left over in the cache"
    for f in l.mp4 l.srt l.vtt l.jpg; do cmp "out-$1/$f" "out-plain/$f" || say_bad "$1: $f is that of a run that nobody disturbed"; done
}
log_has() { [ "$(jq -r "select(.event == \"node\" and $2) | 1" "log-$1" 2>/dev/null | wc -l)" -ge "$3" ]; }

server_start '{"polls": 0}'
config openai-image openai-speech
lesson l.json 3 Wafer
run "a run that nobody disturbs" 0 "$vidgen" build --set cache.dir="$dir/cache-plain" -o out-plain l.json
same "sold" 6 "$(stat .paid)"
server_stop

# Stopped when n answers are stored and everything else hangs: exactly n are not asked for again.
for n in 1 5; do
    server_start "{\"rules\": [{\"route\": [\"image\", \"speech\"], \"skip\": $n, \"fault\": \"hang\"}]}"
    config openai-image openai-speech
    start "after-$n" openai-image
    until_true "$n answers are stored" log_has "after-$n" '.state == "done" and .provider and (.provider | startswith("openai"))' "$n"
    stop_hard
    same "after $n: sold before" "$n" "$(stat .paid)"
    server_script '{}'
    finish_run "after-$n" openai-image
    same "after $n: sold in all" 6 "$(stat .paid)"
    same "after $n: bought twice" 0 "$(stat .paid_twice)"
    server_stop
done

# Stopped the moment the n-th is sold, its answer still on the way: what was in flight may be bought again, and the next run says so.
for n in 3; do
    server_start '{"latency_ms": {"image": 150, "speech": 100}}'
    config openai-image openai-speech
    start "sold-$n" openai-image
    until_true "$n are sold" stat_is .paid -ge "$n"
    stop_hard
    finish_run "sold-$n" openai-image
    again=$(($(stat .paid) - 6))
    at_most "sold $n: more than the assets" $cap "$again"
    at_most "sold $n: bought twice" "$again" "$(stat .paid_twice)"
    [ "$again" -eq 0 ] || has "sold $n: a possible second payment is told" out "may be paid twice"
    server_stop
done

# Several times in a row, while things are fetched, drawn and joined.
server_start '{"latency_ms": {"image": 30, "speech": 20}}'
config openai-image openai-speech
kills=0
for step in '.step == "image"' '.step == "speech" and .state == "done"' '.step == "render" and .state == "running"' \
            '.step == "transition" and .state == "done"' '.step == "join" and .state == "running"'; do
    start often openai-image
    until_true "$step" log_has often "$step" 1
    stop_hard
    kills=$((kills + 1))
done
finish_run often openai-image
at_most "often: sold" $((6 + kills * cap)) "$(stat .paid)"
server_stop

# A job that was accepted is waited for again, by its id.
server_start '{"polls": 1000000}'
config replicate openai-speech
start jobs replicate
until_true "jobs are being asked after" stat_is .routes.poll -ge 4
stop_hard
submitted=$(stat .routes.replicate)
same "jobs: submitted before" $cap "$submitted"
server_script '{"polls": 0}'
run "jobs: the run after" 0 "$vidgen" build --image replicate --set cache.dir="$dir/cache-jobs" -o out-jobs l.json
same "jobs: pictures ordered" 3 "$(stat .routes.replicate)"
same "jobs: bought twice" 0 "$(stat .paid_twice)"
is_tidy "$dir/cache-jobs" || say_bad "jobs: something is left over in the cache"
finish
