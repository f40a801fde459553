# A manifest says what a film is made of, a timeline cuts it for editors; both are true, and the same at each run.
. "$(dirname "$0")/../support/whole.sh"
need curl jq ffmpeg ffprobe sha256sum

server_start '{}'
config openai-image openai-speech
ffmpeg -v error -f lavfi -i sine=300:d=1 -ac 1 hum.wav
ffmpeg -v error -f lavfi -i testsrc=s=64x36:r=25:d=1 -pix_fmt yuv420p "a clip.mp4"
cat >m.json <<'JSON'
{ "title": "Made of", "video": { "width": 160, "height": 90, "fps": 25 }, "transition": { "type": "fade", "duration": 0.4 },
  "music": "hum.wav", "output": { "manifest": true, "timeline": true, "chapter_list": true },
  "sections": [ { "id": "bought", "title": "Bought", "narration": "One picture of two wires.", "image_prompt": "a wire" },
                { "id": "drawn", "narration": "And one that is drawn.", "slide": { "heading": "Drawn" }, "transition": "wipe-left" },
                { "id": "clip", "duration": 3, "video": "a clip.mp4", "clip": { "length": "hold" } } ] }
JSON
run "a film with all that tells of it" 0 "$vidgen" build m.json -o films
m=films/m.manifest.json t=films/m.otio
get() { jq -r "$1" $m; }

# What it says of files is so, for everything beside the film.
get '.files[] | "\(.sha256)  films/\(.file)"' >sums
run "the hashes" 0 sha256sum -c sums
same "of all files but itself" "$(ls films | grep -v manifest | sort | tr '\n' ' ')" "$(get '.files[].file' | sort | tr '\n' ' ')"
same "their sizes" "$(wc -c <films/m.mp4)" "$(get '.files[] | select(.file == "m.mp4").bytes')"
same "the lesson's" "$(sha256sum m.json | cut -d' ' -f1)" "$(get .lesson.sha256)"
same "who made what" "clip: ,image: openai-image,slide: slide,speech: openai-speech,speech: openai-speech" \
    "$(get '.assets[] | "\(if .kind == "video" then "clip" else .made_by end): \(.provider // "")"' | sed 's/: file$/: /; s/: import$/: /' | sort | paste -sd,)"
for id in $(get '.assets[].id'); do
    same "an asset's content" "$(get ".assets[] | select(.id == \"$id\").sha256")" "$(sha256sum "$XDG_CACHE_HOME/vidgen/blobs/$(printf %.2s "$id")/$id" | cut -d' ' -f1)"
done
same "a price" 0.04 "$(get '.assets[] | select(.provider == "openai-image").cost')"
same "all prices" true "$(get '.cost_is_complete and .cost > 0.04 and .cost < 0.05')"
same "sections lie end to end" true "$(get '.sections | [.[0].start_s == 0, .[0].end_s == .[1].start_s, .[1].end_s == .[2].start_s, .[2].frames >= 75] | all')"
same "frames add up" true "$(get '.video.frames == ([.sections[].frames] | add)')"
same "as many as there are" "$(ffprobe -v error -select_streams v -show_entries stream=nb_frames -of csv=p=0 films/m.mp4)" "$(get .video.frames)"
same "words have times inside their section" true "$(get '[.sections[] | select(.words) | . as $s | .words[] | .[0] >= $s.start_s and .[1] <= $s.end_s and .[0] < .[1]] | all')"

# The timeline: by its structure, and by the library itself where it is.
same "a timeline of tracks" "Timeline.1 Stack.1" "$(jq -r '[.OTIO_SCHEMA, .tracks.OTIO_SCHEMA] | join(" ")' $t)"
same "these" "film Video true,pictures Video false,film sound Audio true,narration Audio false,music Audio false" \
    "$(jq -r '.tracks.children[] | "\(.name) \(.kind) \(.enabled)"' $t | paste -sd,)"
same "nothing but what OpenTimelineIO knows" "" "$(jq -r '.. | .OTIO_SCHEMA? // empty' $t | sort -u | grep -vxE '(Timeline|Stack|Track|Gap|Transition|ExternalReference|TimeRange|RationalTime).1|(Clip|Marker).2')"
frames() { jq -r "[.tracks.children[$1].children[] | select(.source_range).source_range.duration | .value / .rate] | add * 25 | round" $t; }
for i in 0 1 2; do same "track $i is as long as the film" "$(get .video.frames)" "$(frames $i)"; done
same "cut where sections begin" "$(get '[.sections[].frames | tostring] | join(" ")')" \
    "$(jq -r '[.tracks.children[0].children[].source_range.duration.value | tostring] | join(" ")' $t)"
same "transitions lie between clips" "Clip.2 Transition.1 Clip.2 Transition.1 Clip.2 Gap.1" "$(jq -r '[.tracks.children[1].children[].OTIO_SCHEMA] | join(" ")' $t)"
same "a fade is a dissolve, a wipe is our own" "Custom_Transition wipe-left,SMPTE_Dissolve fade" \
    "$(jq -r '.tracks.children[1].children[] | select(.OTIO_SCHEMA == "Transition.1") | "\(.transition_type) \(.name)"' $t | sort | paste -sd,)"
same "a marker for each section" "Bought drawn clip" "$(jq -r '[.tracks.markers[].name] | join(" ")' $t)"
same "speech begins when it does" "$(get '[.sections[] | select(.speech).speech_start_s * 48000 | round | tostring] | join(" ")')" \
    "$(jq -r '.tracks.children[3].children | reduce .[] as $c ({at: 0, out: []}; if $c.OTIO_SCHEMA == "Clip.2" then .out += [.at] else . end | .at += $c.source_range.duration.value) | .out | map(tostring) | join(" ")' $t)"
same "the film by its name, other files by their address" "m.mp4 file://$dir/a%20clip.mp4 file://$dir/hum.wav" \
    "$(jq -r '[.tracks.children[0].children[0], .tracks.children[1].children[4], .tracks.children[4].children[0] | .media_references.DEFAULT_MEDIA.target_url] | join(" ")' $t)"
jq -r '.. | .target_url? // empty' $t | sed -n 's,^file://,,p' | sed 's/%20/ /g' | while read -r f; do [ -f "$f" ] || echo "$f"; done >gone
same "all of them are there" "" "$(cat gone)"
if python3 -c 'import opentimelineio' 2>/dev/null; then
    run "OpenTimelineIO reads it" 0 python3 -c "import opentimelineio as o; t = o.adapters.read_from_file('$t'); assert len(t.tracks) == 5 and t.duration().value > 0"
fi

# Nothing in it depends on the run.
cp $m first.json && cp $t first.otio
run "once more" 0 "$vidgen" build --force m.json -o films
cmp $m first.json || say_bad "the same manifest"
cmp $t first.otio || say_bad "the same timeline"
# Another text that makes the same film is told of, too.
jq --indent 4 . m.json >pretty.json && mv pretty.json m.json
run "another text" 0 "$vidgen" build m.json -o films
same "the text's hash is the new one" "$(sha256sum m.json | cut -d' ' -f1)" "$(get .lesson.sha256)"
finish
