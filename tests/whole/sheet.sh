#!/bin/sh
# sheet.sh - a contact sheet is drawn before anything is rendered, and a build after it fetches nothing again
. "$(dirname "$0")/../support/whole.sh"
need ffprobe jq
server_start '{}'
config openai-image openai-speech
lesson l.json 5 Wafer
run "a sheet of five sections" 0 "$vidgen" sheet -o videos l.json
has "it is named" out "videos/l.sheet.png"
same "four in a row, two rows" "2072x996" "$(ffprobe -v error -show_entries stream=width,height -of csv=p=0:s=x videos/l.sheet.png 2>&1)"
run "for programs" 0 "$vidgen" sheet --json -o videos l.json
same "each line is JSON" "videos/l.sheet.png" "$(jq -r 'select(.event == "sheet") | .output' out 2>&1)"
same "no video" "" "$(ls videos | grep -v sheet)"
same "calls" 10 "$(stat .paid)"
run "a build after it" 0 "$vidgen" build -o videos l.json
same "calls still" 10 "$(stat .paid)"

server_script '{"rules": [{"route": "image", "match": "picture 2", "times": -1, "status": 400, "body": {"error": {"message": "no"}}}]}'
lesson m.json 3 Etch
run "a picture that is refused" 5 "$vidgen" sheet -o videos2 m.json
same "no sheet of half a lesson" "" "$(ls videos2)"
is_tidy .cache/vidgen || say_bad "something was left behind"
finish
