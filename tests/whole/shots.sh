#!/bin/sh
# shots.sh - several pictures in one section: each bought once, shown in turn, drawn again by itself
. "$(dirname "$0")/../support/whole.sh"
need ffprobe jq
server_start '{}'
config openai-image openai-speech
cat >l.json <<'J'
{ "title": "Shots", "video": { "width": 320, "height": 180 },
  "sections": [
    { "id": "one", "narration": "Every chip begins with one gate. It is small. Two transistors share its work.",
      "image_prompts": [ "a wafer", { "image_prompt": "a gate", "effects": [ "zoom-in" ] }, { "image_prompt": "two transistors", "transition": "none" } ] },
    { "id": "two", "narration": "That is all.", "image_prompt": "the end" } ] }
J
run "a plan" 0 "$vidgen" plan --json l.json
same "four pictures are to be bought" 4 "$(jq -r '.total.images // .images // .total.pictures' out)"
run "a lesson with three pictures in a section" 0 "$vidgen" build --json -o videos l.json
same "calls: four pictures, two narrations" 6 "$(stat .paid)"
same "pieces: three and one, and a transition" 5 "$(grep -c '"step": *"\(render\|transition\)".*"state": *"done"' out)"
run "a sheet" 0 "$vidgen" sheet -o videos l.json
same "a cell for each" "2072x574" "$(ffprobe -v error -show_entries stream=width,height -of csv=p=0:s=x videos/l.sheet.png 2>&1)"

sed 's/two transistors/a pair of transistors/' l.json >m.json && mv m.json l.json
run "another third picture" 0 "$vidgen" build --json -o videos l.json
same "one more call" 7 "$(stat .paid)"
same "its piece and the transition after it" 2 "$(grep -c '"step": *"\(render\|transition\)".*"state": *"done"' out)"
server_script '{"rules": [{"route": "image", "match": "a cow", "times": -1, "status": 400, "body": {"error": {"message": "no", "code": "moderation_blocked"}}}]}'
sed 's/a wafer/a cow/; s/"title": "Shots",/"title": "Shots", "image": { "on_refused": "card" },/' l.json >m.json
run "a refused one becomes a slide" 0 "$vidgen" build -o videos m.json
finish
