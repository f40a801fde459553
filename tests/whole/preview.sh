#!/bin/sh
# preview.sh - previews and parts buy only what they show, under names of their own, and a build buys only the rest
. "$(dirname "$0")/../support/whole.sh"
need ffprobe jq
server_start '{}'
config openai-image elevenlabs
lesson l.json 5 Wafer
size() { ffprobe -v error -select_streams v -show_entries stream=width,height -of csv=p=0:s=x "$1" 2>&1; }

run "a preview of two sections" 0 "$vidgen" preview --section 2-3 -o videos l.json
same "calls for two sections" 4 "$(stat .paid)"
same "nothing beside it" "l.preview.mp4" "$(ls videos)"
run "a draft of the whole" 0 "$vidgen" build --draft -o videos l.json
same "calls for the other three" 10 "$(stat .paid)"
run "one section in full" 0 "$vidgen" build --only section-04 -o videos l.json
run "the build" 0 "$vidgen" build -o videos l.json
same "calls: the neighbours' words are part of a request, whatever is made" 10 "$(stat .paid)"
same "bought twice" 0 "$(stat .paid_twice)"
same "names" "l.draft.mp4 l.jpg l.mp4 l.part.mp4 l.preview.mp4 l.srt l.vtt" "$(ls videos | tr '\n' ' ' | sed 's/ $//')"
same "the lesson's own size is small already" 160x90 "$(size videos/l.draft.mp4)"

sed 's/"width": 160, "height": 90/"width": 1280, "height": 720/' l.json >big.json
run "a preview of a large lesson" 0 "$vidgen" preview -s 1 -o videos big.json
same "360 lines" 640x360 "$(size videos/big.preview.mp4)"
run "a section that is not there" 2 "$vidgen" preview -s 9 -o videos l.json
has "how many there are" out "there are 5"
finish
