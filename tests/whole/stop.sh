# Ctrl-C: nothing new is bought, what is in flight is kept, the exit code tells the signal; the next run goes on from there.
. "$(dirname "$0")/../support/whole.sh"
need curl jq
env --default-signal=INT true 2>/dev/null || { echo "env cannot give signals back their meaning here"; exit 77; }

# NAME: in the background, with signals as a terminal gives them
start() {
    env --default-signal=INT,TERM,HUP "$vidgen" build --json --set workers.requests=2 --set cache.dir="$dir/cache-$1" -o "out-$1" l.json >"log-$1" 2>"err-$1" </dev/null &
    pid=$! running=$!
}
ended() { ! kill -0 "$pid" 2>/dev/null; }
end() {                                         # NAME CODE
    until_true "$1: it ends" ended
    wait "$pid"
    same "$1: exit code" "$2" $?
    running=""
}

for signal in INT TERM; do
    [ $signal = INT ] && code=130 || code=143
    server_start '{"latency_ms": {"image": 300, "speech": 300}}'
    config openai-image openai-speech
    lesson l.json 3 Wafer
    start $signal
    until_true "four are sold" stat_is .paid -ge 4
    kill -$signal "$pid"
    end $signal $code
    has "$signal: what happens is said" "log-$signal" "stopping"
    has "$signal: what to do next is said" "err-$signal" "goes on from here"
    same "$signal: every line is JSON" "" "$(jq -c . "log-$signal" 2>&1 >/dev/null)"
    sold=$(stat .paid)
    at_most "$signal: sold" 5 "$sold"           # a request may have left between the look and the signal
    [ ! -e "out-$signal/l.mp4" ] || say_bad "$signal: no film yet"
    run "$signal: the next run" 0 "$vidgen" build --set cache.dir="$dir/cache-$signal" -o "out-$signal" l.json
    has_not "$signal: nothing was lost" out "may be paid twice"
    same "$signal: sold in all" 6 "$(stat .paid)"
    same "$signal: bought twice" 0 "$(stat .paid_twice)"
    [ -s "out-$signal/l.mp4" ] || say_bad "$signal: a film in the end"
    is_tidy "$dir/cache-$signal" || say_bad "$signal: something is left over"
    server_stop
done

# The second Ctrl-C does not wait for anything.
server_start '{"rules": [{"route": ["image", "speech"], "fault": "hang"}]}'
config openai-image openai-speech
start twice
until_true "two are asked for" stat_is .requests -ge 2
kill -INT "$pid"
until_true "it waits for them" grep -q stopping log-twice
kill -INT "$pid"
end twice 130
finish
