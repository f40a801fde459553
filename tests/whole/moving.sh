#!/bin/sh
# moving.sh - pictures that move, clips that one can see through, and parts of clips, by the colours of the film's frames
. "$(dirname "$0")/../support/whole.sh"
need ffmpeg ffprobe
make() { ffmpeg -v error -y -f lavfi -i "$1" -frames:v "$2" $3 "$4" </dev/null || { echo "ffmpeg cannot make $4"; exit 77; }; }
turns='color=red:s=64x64:r=10:d=0.5[a];color=blue:s=64x64:r=10:d=0.5[b];[a][b]concat'
late='color=red:s=64x64:r=10:d=0.1[a];color=blue:s=64x64:r=10:d=0.2[b];[a][b]concat'
make "$late,settb=1/100,setpts=if(eq(N\,0)\,0\,N*100-30)" 3 "-vsync 0" late.gif # red until 0.7 s, then blue
make "$turns" 10 "-f apng -plays 0" turns.png
make "color=black:s=64x64" 1 "" flat.gif
make "testsrc=s=64x64" 1 "" one.gif
make "$turns,format=rgba,colorchannelmixer=aa=0.5" 10 "-c:v libvpx-vp9 -pix_fmt yuva420p -b:v 1M" alpha.webm
make "$turns,format=rgba,colorchannelmixer=aa=0.5" 10 "-c:v prores_ks -pix_fmt yuva444p10le" alpha.mov
make "$turns" 10 "-c:v mpeg4 -q:v 2" plain.mp4
make "$turns" 10 "-c:v libwebp_anim -loop 0" turns.webp
cat >l.json <<'J'
{ "title": "Moving", "captions": false, "transition": "none", "image_transition": "none", "effects": "none",
  "video": { "width": 64, "height": 64, "fps": 20, "background": "#00FF00" },
  "timing": { "lead": 0, "gap": 0, "tail": 0 },
  "sections": [ { "duration": 16, "images": [
    { "image": "late.gif", "for": 2 }, { "image": "turns.png", "for": 2 }, { "image": "one.gif", "for": 2 },
    { "video": "alpha.webm", "for": 2, "clip": { "length": "hold" } }, { "video": "alpha.mov", "for": 2, "clip": { "length": "hold" } },
    { "video": "plain.mp4", "for": 2, "clip": { "from": 0.55, "seam": 0 } }, { "video": "plain.mp4", "for": 2, "clip": { "to": 0.4, "seam": 0 } },
    "turns.webp" ] } ] }
J
run "a film of them" 0 "$vidgen" build -o out.d l.json
# SECONDS: the frame's colour in words, each of r g b as 0, 1 (half) or 2
colour() {
    ffmpeg -v error -ss "$1" -i out.d/l.mp4 -frames:v 1 -vf "crop=32:32:16:16,scale=1:1:flags=area" -f rawvideo -pix_fmt rgb24 - </dev/null |
        od -An -tu1 | awk '{ for (i = 1; i <= 3; i++) printf "%d", $i < 70 ? 0 : $i < 190 ? 1 : 2; print "" }'
}
same "a GIF's first picture" 200 "$(colour 0.5)"
same "its second, when its time has come" 002 "$(colour 0.8)"
same "an animated PNG" 200 "$(colour 2.3)"
same "its second half" 002 "$(colour 2.7)"
same "it begins again" 200 "$(colour 3.2)"
same "a GIF that does not move stands" "$(colour 4.2)" "$(colour 5.8)"
same "red VP9 over green" 110 "$(colour 6.3)"
same "blue VP9 over green" 011 "$(colour 6.8)"
same "red ProRes over green" 110 "$(colour 8.3)"
same "blue ProRes over green" 011 "$(colour 8.8)"
same "a clip from its middle on" 002 "$(colour 10.1)"
same "which begins there again" 002 "$(colour 11.8)"
same "a clip to its middle" 200 "$(colour 12.3)"
same "which begins at its beginning" 200 "$(colour 13.9)"
same "an animated WebP" 200 "$(colour 14.3)"
same "its second half" 002 "$(colour 14.7)"
same "it begins again, too" 200 "$(colour 15.2)"

printf '{ "title": "Flat", "sections": [ { "duration": 1, "image": "flat.gif" } ] }' >f.json
run "one flat colour" 4 "$vidgen" build -o out.d f.json
has "it is told" out "one flat colour"
{ printf 'RIFF\0\0\0\0WEBPVP8X\144\0\0\0\2\0\0\0\77\0\0\77\0\0'; head -c 64 /dev/zero; } >empty.webp
printf '{ "title": "Empty", "sections": [ { "image": "empty.webp", "duration": 1 } ] }\n' >empty.json
run "a WebP that says it is empty" 4 "$vidgen" build empty.json -o films
has "is told" out "empty.webp"
finish
