# Each shape of a film cuts pictures and clips around their subject, as a focus or a mask says, and nothing is bought twice.
. "$(dirname "$0")/../support/whole.sh"
need ffmpeg ffprobe

# Red, green, blue from left to right; a mask of the right end, and one of the same by transparency.
bars="color=red:s=96x90:r=25:d=1[a];color=lime:s=96x90:r=25:d=1[b];color=blue:s=96x90:r=25:d=1[c];[a][b][c]hstack=3"
ffmpeg -v error -filter_complex "$bars" -frames:v 1 bars.png
ffmpeg -v error -filter_complex "$bars" -pix_fmt yuv420p bars.mp4
ffmpeg -v error -f lavfi -i "color=black:s=288x90,drawbox=x=220:y=20:w=60:h=50:c=white:t=fill" -frames:v 1 mask.png
# NAME, MEMBERS OF THE SECTION: its square film's middle frame
frame() {
    cat >"$1.json" <<JSON
{ "title": "$1", "video": { "width": 288, "height": 90, "fps": 25 }, "output": { "also": ["1:1"], "thumbnail": { "at": 0.5 } }, "effects": "none",
  "sections": [ { "duration": 1, $2 } ] }
JSON
    run "$1" 0 "$vidgen" build "$1.json" -o films
    ffmpeg -v error -i "films/$1.1x1.jpg" -vf scale=1:1:flags=area -f rawvideo -pix_fmt rgb24 - | od -An -tu1 |
        awk '{ print ($1 > 200 ? "red" : $2 > 200 ? "green" : $3 > 200 ? "blue" : "mixed") }'
}
same "a picture is cut around its middle" green "$(frame middle '"image": "bars.png"')"
same "or around its focus" blue "$(frame focus '"image": "bars.png", "focus": [0.85, 0.5]')"
same "or around its mask" blue "$(frame mask '"image": "bars.png", "mask": "mask.png"')"
same "a focus wins over a mask" red "$(frame both '"image": "bars.png", "mask": "mask.png", "focus": [0.1, 0.5]')"
same "a clip is cut around its middle" green "$(frame clip_middle '"video": "bars.mp4"')"
same "or around its focus" blue "$(frame clip_focus '"video": "bars.mp4", "focus": [0.85, 0.5]')"
same "or around its mask" blue "$(frame clip_mask '"video": "bars.mp4", "mask": "mask.png"')"
same "a focus at the edge shows the edge" red "$(frame clip_edge '"video": "bars.mp4", "focus": [0, 0]')"
same "all of them are seen in the lesson's own shape" "288,90" "$(ffprobe -v error -select_streams v -show_entries stream=width,height -of csv=p=0 films/clip_mask.mp4)"
finish
