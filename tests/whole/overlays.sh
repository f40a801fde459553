# Overlays: what is wrong with them is told by check; they are in the film at their marks; a changed one renders its section only.
. "$(dirname "$0")/../support/whole.sh"
need ffmpeg ffprobe jq

cat >wrong.json <<JSON
{ "title": "T", "sections": [
  { "narration": "The <mark name='threshold'/>voltage.", "background": "navy",
    "overlays": [ { "type": "lower-third", "text": "x", "at": "mark:treshold" } ] } ] }
JSON
run "a mark that is none" 3 "$vidgen" check wrong.json
has "the nearest mark is named" out 'sections[0].overlays[0].at "treshold": the section'"'"'s narration has no such mark; nearest: threshold'

private=$(printf '\363\260\200\201')
long=$(printf 'x%.0s' $(seq 3000))
cat >odd.json <<JSON
{ "title": "T", "video": { "width": 320, "height": 180 }, "watermark": { "text": "vidgen", "opacity": 0.1 }, "sections": [
  { "narration": "A $private word.", "background": "navy",
    "overlays": [ { "type": "title", "text": "what is $private" }, { "type": "bullets", "items": ["a", "$private"] },
                  { "type": "lower-third", "text": "$long", "at": 60 } ] } ] }
JSON
run "a character that no font has is an error" 3 "$vidgen" check odd.json
for where in narration 'overlays[0]' 'overlays[1]'; do
    has "no font has it" out "sections[0].$where: no installed font has the character U+F0001"
done
has "words too faint to be read are told" out "watermark: words that let so much of the picture through"
has "what is cut is told" out "sections[0].overlays[2]: too long for its lines"

# What build leaves out or cuts it tells as check does, once, in whichever shape it happens; and what comes when its section is over.
cat >late.json <<JSON
{ "title": "T", "video": { "width": 160, "height": 90, "fps": 10 }, "captions": false, "output": { "also": [ "9:16" ] },
  "transition": "none", "timing": { "lead": 0, "gap": 0, "tail": 0 }, "sections": [
  { "narration": "A word.", "background": "navy", "overlays": [ { "type": "title", "text": "$long" },
      { "type": "lower-third", "text": "x", "at": 60, "for": 2 }, { "type": "bullets", "items": [ "a", { "text": "b", "at": 50 } ], "for": 1 } ] },
  { "duration": 0.5, "background": "navy", "effects": [ { "type": "vignette", "start": 7 } ], "overlays": [ { "type": "lower-third", "text": "x", "at": 8 } ] },
  { "narration": "Two words.", "sounds": [ { "file": "beep.wav", "at": 70 } ], "images": [ "red.png", { "image": "green.png", "at": 80 } ] } ] }
JSON
for c in red green; do ffmpeg -v error -f lavfi -i "gradients=s=64x36:c0=$c:c1=white" -frames:v 1 $c.png; done
ffmpeg -v error -f lavfi -i "sine=d=0.1" beep.wav
late() { has "told at $1" out "$2"; same "told once: $2" 1 "$(grep -cF "$2" out)"; }
run "check of late texts" 0 "$vidgen" check late.json
for what in 'overlays[0]: begins at 8.0 s, but its section is over after 0.5 s' 'effects[0]: begins at 7.0 s'; do late check "sections[1].$what"; done
has_not "what only the speech decides" out "sections[0].overlays[1]: begins"
run "a build of late texts" 0 "$vidgen" build -o film late.json
for what in '[0].overlays[0]: too long for its lines' '[0].overlays[1]: begins at 60.0 s, but its section is over after' \
    '[0].overlays[2].items[1]: begins at 50.0 s, but its' '[1].overlays[0]: begins at 8.0 s' '[1].effects[0]: begins at 7.0 s' \
    '[2].sounds[0]: begins at 70.0 s' '[2], picture 2: begins at 80.0 s'; do
    late build "sections$what"
done

write_lesson() {
    cat >l.json <<JSON
{ "title": "Overlays", "watermark": "vidgen", "video": { "width": 320, "height": 180, "fps": 10 }, "captions": false,
  "transition": { "type": "fade", "duration": 0.2 }, "effects": "none",
  "sections": [
    { "id": "a", "narration": "One small gate.", "background": "#000000" },
    { "id": "b", "narration": "First a wire. <mark name='two'/>Second a chip.", "background": "#000000",
      "overlays": [ { "type": "title", "text": "$1", "at": "mark:two", "motion": "none" } ] },
    { "id": "c", "narration": "Three chips.", "background": "#000000" } ] }
JSON
}
# The brightest luma in the middle of the picture at a time.
middle() {
    ffmpeg -v error -ss "$2" -i "$1" -frames:v 1 -vf "crop=iw/2:ih/2,signalstats,metadata=print:key=lavfi.signalstats.YMAX:file=-" -f null - |
        sed -n 's/.*YMAX=//p' | tail -1
}

write_lesson "Chips"
run "a film with overlays" 0 "$vidgen" build -o film l.json
begin=$(ffprobe -v error -of json -show_chapters film/l.mp4 | jq -r '.chapters[1].start_time')
end=$(ffprobe -v error -of json -show_chapters film/l.mp4 | jq -r '.chapters[1].end_time')
[ "$(middle film/l.mp4 "$(echo "$begin" | awk '{ print $1 + 0.4 }')")" -lt 40 ] || say_bad "before its mark a title is not there"
[ "$(middle film/l.mp4 "$(echo "$end" | awk '{ print $1 - 0.6 }')")" -gt 200 ] || say_bad "after its mark a title is there"
[ "$(middle film/l.mp4 0.5)" -lt 40 ] || say_bad "in another section it is not"

corner() {
    ffmpeg -v error -ss 0.5 -i "$1" -frames:v 1 -vf "crop=iw/4:ih/4:0:0,signalstats,metadata=print:key=lavfi.signalstats.YMAX:file=-" -f null - |
        sed -n 's/.*YMAX=//p' | tail -1
}
ffmpeg -v error -f lavfi -i testsrc=s=64x64 -frames:v 1 logo.png
sed 's/"watermark": "vidgen"/"watermark": { "file": "logo.png", "corner": "top-left", "opacity": 1 }/' l.json >logo.json
run "a film with a picture in its corner" 0 "$vidgen" build -o film logo.json
[ "$(corner film/l.mp4)" -lt 40 ] || say_bad "no picture was in the upper left corner"
[ "$(corner film/logo.mp4)" -gt 180 ] || say_bad "a picture is in the upper left corner"
echo "no picture" >logo.png
run "a watermark that is no picture" 4 "$vidgen" build -o film logo.json
has "is named" out "logo.png"

write_lesson "Many chips"
run "another title" 0 "$vidgen" build --json -o film l.json
same "what is made again" "1 join,1 render,2 transition" \
    "$(grep '^{' out | jq -r 'select(.event == "node" and .state == "done").step' | sort | uniq -c | awk '{ print $1 " " $2 }' | paste -sd, -)"
same "of that section" 1 "$(grep '^{' out | jq -r 'select(.event == "node" and .state == "done" and .step == "render").section')"
finish
