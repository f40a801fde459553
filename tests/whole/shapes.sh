# One set of bought pictures and speech becomes videos of several shapes.
. "$(dirname "$0")/../support/whole.sh"
need curl jq ffprobe

server_start '{}'
config openai-image openai-speech
cat >shapes.json <<'JSON'
{ "title": "Shapes", "video": { "width": 320, "height": 180 }, "output": { "also": ["9:16", "square"] },
  "sections": [ { "narration": "One picture, three frames.", "image_prompt": "a frame" },
                { "narration": "And one that is drawn.", "slide": { "heading": "Drawn" } } ] }
JSON
size() { ffprobe -v error -select_streams v -show_entries stream=width,height -of csv=p=0 "$1"; }

run "a lesson in three shapes" 0 "$vidgen" build shapes.json -o films
same "its own" 320,180 "$(size films/shapes.mp4)"
same "upright" 180,320 "$(size films/shapes.9x16.mp4)"
same "square" 180,180 "$(size films/shapes.square.mp4)"
same "the picture is bought once" 1 "$(stat .routes.image)"
same "and each narration once" 2 "$(stat .routes.speech)"
for f in shapes shapes.9x16 shapes.square; do [ -s "films/$f.srt" ] || say_bad "$f has subtitles"; done
run "a second build" 0 "$vidgen" build shapes.json -o films
has "finds all three there" out "3 of 3 videos"
run "a look at a lesson" 0 "$vidgen" preview shapes.json -o films
[ ! -e films/shapes.9x16.preview.mp4 ] || say_bad "shows its own shape alone"
finish
