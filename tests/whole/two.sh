# Two processes at once, one lesson, one cache: each asset is bought once and both end well.
. "$(dirname "$0")/../support/whole.sh"
need curl jq ffmpeg

server_start '{"latency_ms": {"image": 120, "speech": 90}}'
config openai-image openai-speech
lesson l.json 3 Wafer
for n in 1 2; do
    "$vidgen" build --set workers.requests=2 -o "out$n" l.json >"log$n" 2>&1 </dev/null &
    eval "pid$n=$!"
    running="$running $!"
done
# The same lesson into the same place, too.
"$vidgen" build --set workers.requests=2 -o out2 l.json >log3 2>&1 </dev/null &
pid3=$! running="$running $!"
for n in 1 2 3; do
    eval "wait \$pid$n"
    code=$?
    [ $code -eq 0 ] || { say_bad "process $n: exit code $code"; cat "log$n"; }
done
running=""
same "sold" 6 "$(stat .paid)"
same "bought twice" 0 "$(stat .paid_twice)"
for f in l.mp4 l.srt l.vtt l.jpg; do cmp out1/$f out2/$f || say_bad "$f is the same from both"; done
same "whole" "" "$(ffmpeg -v error -i out2/l.mp4 -map 0:v -map 0:a -f null - 2>&1)"
is_tidy "$XDG_CACHE_HOME/vidgen" || say_bad "something is left over"
run "the cache is whole" 0 "$vidgen" cache verify
run "once more" 0 "$vidgen" build -o out1 l.json
has "once more" out "up to date"
same "sold in the end" 6 "$(stat .paid)"
finish
