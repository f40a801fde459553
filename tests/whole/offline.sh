# Offline: a lesson becomes a video that players take; a second run does nothing; one change renders one section; any number of threads, the same bytes.
. "$(dirname "$0")/../support/whole.sh"
need ffmpeg ffprobe jq

write_lesson() {
    cat >l.json <<JSON
{ "title": "Three gates", "video": { "width": 160, "height": 90, "fps": 25 }, "transition": { "type": "fade", "duration": 0.2 },
  "sections": [
    { "id": "a", "title": "First", "narration": "One small gate.", "slide": { "heading": "Gate" } },
    { "id": "b", "title": "Second", "narration": "$1", "slide": { "heading": "Wire" }, "effects": ["zoom-in"] },
    { "id": "c", "title": "Third", "narration": "Three chips.", "slide": { "heading": "Chip" }, "transition": "wipe-left" } ] }
JSON
}
# In the file's order, by size and name of each box at the top
top_boxes() {
    at=0 size=$(wc -c <"$1")
    while [ "$at" -lt "$size" ]; do
        n=$(od -An -tu1 -j "$at" -N 4 "$1" | awk '{ print (($1 * 256 + $2) * 256 + $3) * 256 + $4 }')
        printf '%s ' "$(dd if="$1" bs=1 skip=$((at + 4)) count=4 2>/dev/null)"
        [ "$n" -ge 8 ] || break
        at=$((at + n))
    done
}
probe() { ffprobe -v error -of json -show_streams -show_chapters -show_format "$1" | jq -r "$2"; }

write_lesson "Two wires."
run "the first run" 0 "$vidgen" build --jobs 2 -o out1 l.json
v='.streams[] | select(.codec_type == "video")' a='.streams[] | select(.codec_type == "audio")'
same "video" "h264 yuv420p 160 90 25/1 bt709 bt709 bt709 tv" \
    "$(probe out1/l.mp4 "$v | [.codec_name, .pix_fmt, .width, .height, .r_frame_rate, .color_space, .color_primaries, .color_transfer, .color_range] | join(\" \")")"
same "sound" "aac 48000" "$(probe out1/l.mp4 "$a | [.codec_name, .sample_rate] | join(\" \")")"
same "sound as long as the picture, within a frame" true "$(probe out1/l.mp4 "[([$v][0].duration | tonumber), ([$a][0].duration | tonumber)] | (.[0] - .[1] | fabs) < 0.04")"
same "every frame is there" true "$(probe out1/l.mp4 "[$v][0] | ((.nb_frames | tonumber) - (.duration | tonumber) * 25 | fabs) < 0.01")"
same "chapters" "First Second Third" "$(probe out1/l.mp4 '[.chapters[].tags.title] | join(" ")')"
same "chapters lie end to end" true "$(probe out1/l.mp4 '[.chapters[] | .start_time, .end_time | tonumber] | .[1] == .[2] and .[3] == .[4] and .[0] == 0')"
case "$(top_boxes out1/l.mp4)" in *moov*mdat*) ;; *) say_bad "moov before mdat: $(top_boxes out1/l.mp4)" ;; esac
same "the whole film decodes without a word" "" "$(ffmpeg -v warning -i out1/l.mp4 -map 0:v -map 0:a -f null - 2>&1)"
has "SRT" out1/l.srt "Two wires."
has "VTT" out1/l.vtt "WEBVTT"
same "thumbnail" "mjpeg 160 90" "$(probe out1/l.jpg '.streams[0] | [.codec_name, .width, .height] | join(" ")')"
same "nothing else in the output" "l.jpg l.mp4 l.srt l.vtt" "$(ls -A out1 | tr '\n' ' ' | sed 's/ $//')"

before=$(ls -i --time-style=full-iso -l out1/l.mp4)
run "the second run" 0 "$vidgen" build --json -o out1 l.json
same "it says up to date" cached "$(jq -r 'select(.event == "lesson").state' out)"
same "it does nothing" 0 "$(jq -r 'select(.event == "node" and .state == "running").step' out | wc -l)"
same "the file is left alone" "$before" "$(ls -i --time-style=full-iso -l out1/l.mp4)"

# One change: its narration, its body, the transitions on both sides, the join; the others only when their length changes them.
write_lesson "Two long wires in a row."
run "after a change" 0 "$vidgen" build --json -o out1 l.json
has_not "nothing is said by libraries" out "irectory"
same "what is made again" "1 join,1 render,1 speech,2 transition" \
    "$(grep '^{' out | jq -r 'select(.event == "node" and .state == "done").step' | sort | uniq -c | awk '{ print $1 " " $2 }' | paste -sd, -)"
same "of that section" 1 "$(grep '^{' out | jq -r 'select(.event == "node" and .state == "done" and .step == "render").section')"

# Threads change the time, never the film.
run "one thread, nothing in the cache" 0 "$vidgen" build --jobs 1 --set cache.dir="$dir/c1" -o j1 l.json
run "two threads, nothing in the cache" 0 "$vidgen" build --jobs 2 --set cache.dir="$dir/c2" -o j2 l.json
for f in l.mp4 l.srt l.vtt l.jpg; do
    cmp "j1/$f" "j2/$f" || say_bad "$f is the same for one thread and two"
    cmp "j1/$f" "out1/$f" || say_bad "$f is the same when most of it came from the cache"
done
is_tidy "$XDG_CACHE_HOME/vidgen" || say_bad "nothing is left over in the cache"
same "home is left alone" "" "$(ls -A "$HOME" | grep -vE '^(\.cache|c1|c2|j1|j2|l.json|left|out|out1)$')"
finish
