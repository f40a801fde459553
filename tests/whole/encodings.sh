# Films in every codec and container play from 0 to their end in step with their sound; what does not go together is refused, with the remedy.
. "$(dirname "$0")/../support/whole.sh"
need ffmpeg ffprobe

cat >l.json <<'JSON'
{ "title": "Encodings", "video": { "width": 128, "height": 96, "fps": 25 }, "transition": { "type": "fade", "duration": 0.2 },
  "captions": false, "sections": [
    { "id": "a", "title": "First", "narration": "Tap.", "slide": { "heading": "One" } },
    { "id": "b", "title": "Second", "duration": 0.7, "slide": { "heading": "Two" }, "effects": ["zoom-in"] } ] }
JSON

# The frame times of FILE, one a line; the first sample of sound (at 8 kHz, from time 0) that is loud
stamps() { ffprobe -v error -select_streams v -show_entries frame=pts_time -of csv=p=0 "$1" | tr -d ,; }
loud_at() {
    ffmpeg -v quiet -copyts -i "$1" -map 0:a -af aresample=8000:async=1:first_pts=0 -ac 1 -f s16le - |
        od -An -v -w2 -td2 | awk '!at && ($1 > 2000 || $1 < -2000) { at = NR } END { print at }'
}
codecs() { ffprobe -v error -show_entries stream=codec_name -of csv=p=0 "$1" | grep -v bin_data | paste -sd' '; }

# CONTAINER CODEC SOUND
film() {
    row="$1 of $2 and $3"
    run "$row" 0 "$vidgen" build -o "o-$2" --set encode.container="$1" --set encode.codec="$2" --set encode.audio_codec="$3" l.json
    f=o-$2/l.$1
    [ -s "$f" ] || { say_bad "$row: no file"; return; }
    same "$row: codecs" "$2 $3" "$(codecs "$f")"
    same "$row: decodes without a word" "" "$(ffmpeg -v warning -i "$f" -map 0:v -map 0:a -f null - 2>&1)"
    stamps "$f" >stamps
    same "$row: frames" "$frames" "$(wc -l <stamps)"
    same "$row: from 0 at 25 a second, no gap" "" "$(awk '{ d = $1 - (NR - 1) / 25; if (d < -.0011 || d > .0011) print NR ": " $1 }' stamps)"
    loud=$(loud_at "$f")
    same "$row: sound in step ($loud, h264 $step)" 1 "$((loud - step < 40 && step - loud < 40))"
}

run "the measure" 0 "$vidgen" build -o o-h264 l.json
frames=$(stamps o-h264/l.mp4 | wc -l) step=$(loud_at o-h264/l.mp4)
[ "$frames" -gt 30 ] && [ "${step:-0}" -gt 100 ] || say_bad "the measure: $frames frames, sound at ${step:-nowhere}"

have() { ffmpeg -hide_banner -encoders 2>/dev/null | grep -q " $1 "; }
film mkv h264 aac
have libopus && film mp4 h264 opus
have libx265 && film mp4 hevc aac
have libopus && have libx265 && film mkv hevc opus
have libsvtav1 && film mp4 av1 aac
have libopus && have libsvtav1 && film webm av1 opus
have libopus && have libvpx-vp9 && film webm vp9 opus

cp o-h264/l.mkv before.mkv
run "the same once more" 0 "$vidgen" build -o o-h264 --set cache.dir="$dir/again" --set encode.container=mkv --jobs 1 l.json
cmp -s before.mkv o-h264/l.mkv || say_bad "the same bytes at each run"

run "webm of h264" 3 "$vidgen" build --set encode.container=webm l.json
has "webm of h264" out "encode.codec: av1 and encode.audio_codec: opus"
sed 's/"title": "Encodings",/"title": "Encodings", "output": { "file": "named.webm" },/' l.json >named.json
run "a name that does not go with the codec" 3 "$vidgen" build named.json
has "a name that does not go with the codec" out "named.webm"
run "a quality beyond the codec" 3 "$vidgen" build --set encode.crf=60 l.json
has "a quality beyond the codec" out "the 51 that h264 has"
sed 's/named.webm/named.mkv/' named.json >mkv.json
run "a name says the container" 0 "$vidgen" build -o o mkv.json
same "a name says the container" "h264 aac" "$(codecs o/named.mkv)"
[ -s o/named.srt ] || [ -s o/named.jpg ] || say_bad "files beside have the name without its ending"
run "a draft is an MP4" 0 "$vidgen" build --draft -o o mkv.json
[ -s o/named.draft.mp4 ] || say_bad "a draft is an MP4: $(ls o)"
finish
