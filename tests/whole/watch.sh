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
finish
