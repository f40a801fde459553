#!/bin/sh
# watch.sh - a lesson that is saved is built again; a mistake is told and the watch goes on
. "$(dirname "$0")/../support/whole.sh"
export HOME="$dir"
write() { printf '{"title": "W", "video": {"width": 160, "height": 90}, "sections": [{"%s": "%s", "background": "#203040", "duration": 1}]}' "$1" "$2" >l.json; }
waits() { [ "$(grep -c "waiting for a change" out)" = "$1" ]; }
write title one
"$vidgen" build --watch -o videos l.json >out 2>&1 &
running=$!
until_true "the first build is done" waits 1
same "a video" "l.mp4" "$(ls videos | grep mp4)"
before=$(command stat -c %Y.%i videos/l.mp4 2>/dev/null)
write titel two
until_true "the mistake is told" waits 2
has "which one" out 'did you mean "title"'
write title three
until_true "it is built again" waits 3
[ "$(command stat -c %Y.%i videos/l.mp4)" != "$before" ] || say_bad "the video is the old one"
kill -TERM $running
wait $running
same "ended by the signal" 143 $?
running=

# What is asked for once more is asked for once, however often something is saved.
need curl jq
server_start '{"key": "test-key-", "polls": 0}'
config openai-image openai-speech
lesson l.json 1 Wafer
run "first" 0 "$vidgen" build --set cache.dir="$dir/cache" -o films l.json
"$vidgen" build --watch --set cache.dir="$dir/cache" -o films l.json --refresh image --section 1 >out 2>&1 &
running=$!
until_true "the picture is had anew" waits 1
same "had anew" 3 "$(stat .paid)"
sed 's/"Wafer", "video"/"Die", "video"/' l.json >l.new && mv l.new l.json
until_true "it is built again with the new one" waits 2
same "and not once more" 3 "$(stat .paid)"
kill -TERM $running
wait $running
running=
server_stop
finish
