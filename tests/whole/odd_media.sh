# Whatever pictures, sounds and formats people bring: the right film or a clear error, and nothing under the final name that is not whole.
. "$(dirname "$0")/../support/whole.sh"
need ffmpeg ffprobe jq
av() { ffmpeg -v error -y "$@" </dev/null || { echo "ffmpeg cannot make ${*##* }"; exit 77; }; }
rgb() { ffmpeg -v error -ss "$2" -i "$1" -frames:v 1 -vf "crop=$3,scale=1:1:flags=area" -f rawvideo -pix_fmt rgb24 - </dev/null | od -An -tu1; }

# ---------- pictures: what is good is seen, what is not is named with the reason ----------

av -f lavfi -i testsrc2=s=64x36 -frames:v 1 good.png
av -f lavfi -i testsrc2=s=64x36 -frames:v 1 -pix_fmt rgb48be deep.png
av -f lavfi -i "gradients=s=64x36:c0=0x30303060:c1=white,format=ya8" -frames:v 1 -pix_fmt ya8 grey.png
cp "$whole_root/tests/pictures/three.heic" phone.jpg
head -c 200 good.png >cut.png
{ head -c 16 good.png; printf '\000\000\116\040\000\000\116\040'; tail -c +25 good.png; } >huge.png
av -f lavfi -i color=red:s=16x16,format=rgb24,scale=1:1 -frames:v 1 dot.png
picture() { printf '{ "title": "P", "video": { "width": 64, "height": 36, "fps": 10 }, "sections": [ { "duration": 0.2, "image": "%s" } ] }' "$1" >p.json; }
for good in deep.png grey.png phone.jpg; do
    picture $good
    run "$good" 0 "$vidgen" build -q -o pictures p.json
    rm -f pictures/p.mp4
done
for row in "cut.png:truncated" "huge.png:20000 x 20000 px is too large" "dot.png:1 x 1 px of one flat colour"; do
    picture "${row%%:*}"
    run "${row%%:*}" 4 "$vidgen" build -o pictures p.json
    has "${row%%:*}" out "${row#*:}"
    has "${row%%:*}" out "${row%%:*}"
    [ ! -e pictures/p.mp4 ] || say_bad "${row%%:*}: no film"
done

# ---------- a subject by its mask: the outline is at its edge, the spotlight leaves the rest dark ----------

av -f lavfi -i "color=0x404040:s=64x64,drawbox=16:16:32:32:0x808080:fill" -frames:v 1 scene.png
av -f lavfi -i "color=black:s=64x64,drawbox=16:16:32:32:white:fill" -frames:v 1 mask.png
cat >mask.json <<'J'
{ "title": "M", "captions": false, "transition": "none", "timing": { "lead": 0, "gap": 0, "tail": 0 }, "video": { "width": 64, "height": 64, "fps": 10 },
  "sections": [ { "duration": 1, "image": "scene.png", "mask": "mask.png", "effects": [ { "type": "subject-outline", "color": "#FF0000", "width": 0.06 } ] },
                { "duration": 1, "image": "scene.png", "mask": "mask.png", "effects": [ { "type": "spotlight" } ] } ] }
J
run "masks" 0 "$vidgen" build -q -o films mask.json
is_red() { rgb films/mask.mp4 0.6 "$1" | awk '{ exit !($1 > 150 && $2 < 110 && $3 < 110) }'; }
is_red "16:2:24:14" || is_red "16:2:24:13" || say_bad "the outline is above the subject: $(rgb films/mask.mp4 0.6 16:2:24:14)"
is_red "16:16:24:24" && say_bad "and not in it"
inside=$(rgb films/mask.mp4 1.6 "16:16:24:24" | awk '{ print $2 }') beside=$(rgb films/mask.mp4 1.6 "8:64:0:0" | awk '{ print $2 }')
[ "$inside" -gt 100 ] && [ "$beside" -lt 40 ] || say_bad "a spotlight on the mask: $inside in it, $beside beside it (128 and 64 in the picture)"

# ---------- sounds ----------

av -f lavfi -i "sine=f=300:d=1:r=8000" -ac 1 -bitexact small.wav
av -f lavfi -i "aevalsrc=0.4*sin(900*t)|0|0|0|0|0|0|0.2*sin(1800*t):c=7.1:d=1:s=192000" many.wav
av -f lavfi -i "sine=f=300:d=0.05" short.wav
av -f lavfi -i "anullsrc,atrim=0:1" silent.wav
av -f lavfi -i "sine=f=300:d=1" -af volume=40dB clipped.wav
{ head -c 4 small.wav; printf '\377\377\377\177'; tail -c +9 small.wav | head -c 32; printf '\377\377\377\177'; tail -c +45 small.wav; } >lying.wav
sounds() {
    for f in "$@"; do printf '{ "audio": "%s", "background": "navy" }\n' "$f"; done |
        jq -s '{ title: "S", captions: false, video: { width: 64, height: 36, fps: 10 }, transition: "none", timing: { lead: 0, gap: 0, tail: 0 }, sections: . }'
}
sounds small.wav many.wav short.wav clipped.wav lying.wav >s.json
run "sounds of all kinds" 0 "$vidgen" build -q -o films s.json
length=$(ffprobe -v error -show_entries format=duration -of csv=p=0 films/s.mp4)
same "each is as long as it is ($length s)" 1 "$(echo "$length" | awk '{ print ($1 > 4.05 && $1 < 4.5) }')"
ebu=$(ffmpeg -hide_banner -nostats -i films/s.mp4 -af ebur128=peak=true -f null - 2>&1 | awk '/I:/ { i = $2 } /Peak:/ { p = $2 } END { print i, p }')
same "loudness and peak ($ebu)" 1 "$(echo "$ebu" | awk '{ print ($1 > -16.6 && $1 < -15.4 && $2 <= -0.9) }')"
sounds silent.wav >quiet.json
run "a recording of silence" 4 "$vidgen" build -o films quiet.json
has "a recording of silence" out "silence"
[ ! -e films/quiet.mp4 ] || say_bad "no film of it"

# ---------- hostile text is shown as it is, and a font that is not there is told ----------

cat >text.json <<'J'
{ "title": "%{n} ${HOME} '; rm -rf / #", "captions": { "font": "No Such Font At All" }, "video": { "width": 160, "height": 90, "fps": 5 },
  "sections": [ { "title": "a:b\\c'd", "narration": "%{pts} {\\pos(9,9)} <b>a</b> : ' \\ \" & \\N [x]=1;,", "background": "navy",
    "overlays": [ { "type": "title", "text": "<span size='9999'>%{eif} {\\an8} \\n : ' &amp;", "font": "Neither This" } ] } ] }
J
run "hostile text" 0 "$vidgen" build -o films text.json
has "a font that is not there" out 'no font "No Such Font At All" is installed: "'
has "the other one, too" out 'no font "Neither This" is installed'
sed 's/\xe2\x81\xa0//g' films/text.srt >shown.srt # joiners that are not seen keep players from reading tags
has "subtitles show it as it was written" shown.srt '%{pts} {\pos(9,9)} <b>a</b>'
same "the film's name" "%{n} \${HOME} '; rm -rf / #" "$(ffprobe -v error -show_entries format_tags=title -of csv=p=0 -of default=nk=1:nw=1 films/text.mp4)"

# ---------- shapes, rates and sizes: a keyframe at each section, the same bytes for one and for two workers ----------

have() { ffmpeg -hide_banner -encoders 2>/dev/null | grep -q " $1 "; }
# CODEC CONTAINER SOUND FORMAT SIZE RATE
shape() {
    printf '{ "title": "F", "captions": false, "transition": "none", "effects": "zoom-in", "timing": { "lead": 0, "gap": 0, "tail": 0 }, "video": { %s },
        "sections": [ { "duration": 0.1, "image": "good.png" }, { "duration": 0.1, "image": "deep.png" } ] }' "$4" >f.json
    for n in 1 2; do
        run "$1 $5" 0 "$vidgen" build -q -j $n -o "f$n" --set cache.dir="$dir/c$n" --set encode.preset=draft --set encode.codec="$1" \
            --set encode.container="$2" --set encode.audio_codec="$3" f.json
    done
    cmp -s "f1/f.$2" "f2/f.$2" || say_bad "$1 $5: the same bytes for one and for two workers"
    same "$1 $5" "$1,$5,$6" "$(ffprobe -v error -select_streams v -show_entries stream=codec_name,width,height,avg_frame_rate -of csv=p=0 "f1/f.$2")"
    same "$1 $5: keys" "0.000000 0.100000" "$(ffprobe -v error -select_streams v -show_entries packet=pts_time,flags -of csv=p=0 "f1/f.$2" | sed -n 's/,K.*//p' | paste -sd' ')"
}
shape h264 mp4 aac '"resolution": "4k", "fps": 60' 3840,2160 60/1
have libx265 && shape hevc mp4 aac '"aspect": "9:16", "width": 90, "height": 160, "fps": 60' 90,160 60/1
have libsvtav1 && shape av1 mkv aac '"width": 128, "height": 128, "fps": 60' 128,128 60/1
have libopus && have libvpx-vp9 && shape vp9 webm opus '"width": 90, "height": 160, "fps": 50' 90,160 50/1
finish
