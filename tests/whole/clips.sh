# Clips: the user's own and bought ones at the film's times; jobs that outlive a kill, or are cancelled; clips that are none.
. "$(dirname "$0")/../support/whole.sh"
need curl jq ffmpeg ffprobe

# FILE NARRATION CLIP: a lesson with a clip, at 25 frames a second
clip_lesson() {
    cat >"$1" <<J
{ "title": "Clips", "video": { "width": 128, "height": 72, "fps": 25 }, "captions": false, "transition": "none",
  "sections": [ { "id": "moves", $2, $3 } ] }
J
}
# FILM: the number of the clip's frame in each frame of the film (tests/support/clips.h), rounded down
numbers() { ffmpeg -v error -i "$1" -vf "extractplanes=y,crop=iw/2:ih/4:0:0,scale=1:1" -f rawvideo -pix_fmt gray - | od -An -v -tu1 -w1 | awk '{ printf "%d\n", (16 + $1 * 219 / 255 - 39) / 2 }'; }
# NAME FILM FRAME WANT: to one frame, which is what the encoder may be off
frame_is() {
    number=$(numbers "$2" | sed -n "$(($3 + 1))p")
    [ "${number:-x}" -ge $(($4 - 1)) ] && [ "$number" -le $(($4 + 1)) ] || say_bad "$1: frame $3 of the film shows frame ${number:-none} of the clip, want $4"
}
# NAME EXIT-CODE COMMAND... with the clip provider
clips() { clips_name=$1 clips_code=$2; shift 2; run "$clips_name" "$clips_code" "$vidgen" build --set providers.video=replicate-video "$@"; }

server_start '{"polls": 2}'
config slide espeak
mkdir providers
printf 'id: replicate-video\nextends: replicate-video\npoll: {every: 50ms}\n' >providers/replicate-video.yaml

# ---------- bought ----------

clip_lesson loop.json '"duration": 6' '"video_prompt": "a bar that wanders"'
clips "a clip is bought" 0 -o films loop.json
same "ordered" 1 "$(stat .routes.replicate)"
same "the key stayed at home" 0 "$(stat .key_leaks)"
film=films/loop.mp4                               # the clip has 72 frames, 24 a second; a turn is 2.5 s
same "frames" 150 "$(numbers $film | wc -l)"
for at in 0:0 1:0 25:24 60:57 100:36 120:55; do frame_is "loop" $film ${at%:*} ${at#*:}; done
has "who did it" out "clip: done by replicate-video"
for length in slow hold; do
    clip_lesson $length.json '"duration": 5' "\"video_prompt\": \"a bar that wanders\", \"clip\": { \"length\": \"$length\" }"
    clips "$length" 0 -o films $length.json
done
for at in 0:0 25:14 75:43 124:71; do frame_is "slow: 3 s in 5 s" films/slow.mp4 ${at%:*} ${at#*:}; done
for at in 0:0 50:48 75:71 124:71; do frame_is "hold" films/hold.mp4 ${at%:*} ${at#*:}; done
same "the same clip, bought once" 1 "$(stat .routes.replicate)"

clip_lesson spoken.json '"narration": "Short."' '"video_prompt": "another bar"'
clips "with a narration" 0 -o films spoken.json
clip_lesson spoken.json '"narration": "And now it is a good deal longer than it was."' '"video_prompt": "another bar"'
clips "with another narration" 0 -o films spoken.json
same "another narration buys no other clip" 2 "$(stat .routes.replicate)"

# ---------- a picture instead ----------

clip_lesson still.json '"duration": 1' '"video_prompt": "a third bar", "background": "#204060"'
run "nobody makes clips" 0 "$vidgen" build --set providers.video=still -o films still.json
same "nothing is ordered" 2 "$(stat .routes.replicate)"
run "the command line has the last word" 0 "$vidgen" build --set providers.video=replicate-video --video still -o films still.json
same "nothing is ordered by it" 2 "$(stat .routes.replicate)"

# ---------- clips that are none ----------

# FAULT WORDS
broken() {
    server_script "{\"polls\": 0, \"rules\": [{\"route\": \"media\", \"fault\": \"$1\"}]}"
    clip_lesson "$1.json" '"duration": 1' "\"video_prompt\": \"a $1 bar\""
    clips "$1" "$2" --set limits.attempts=2 -o films "$1.json"
    has "$1: what it is" out "$3"
    has "$1: whose" out "replicate-video"
    has "$1: where" out "$1/1 clip: failed"
    [ ! -e "films/$1.mp4" ] || say_bad "$1: no film"
}
broken truncated 4 "truncated"
broken black 4 "one flat colour (#000000), not a clip"
broken html 5 "html"

# ---------- who stands in ----------

server_script '{"polls": 0, "rules": [{"route": "replicate", "status": 422, "body": {"detail": "input was refused"}}]}'
clip_lesson standin.json '"duration": 1' '"video_prompt": "a bar that nobody films"'
clips "nobody after it" 5 -o films standin.json
run "a picture stands in" 0 "$vidgen" build --set 'providers.video=[replicate-video, still]' -o films standin.json
has "and it is told" out "1 clip goes to still"
has "by whom" out "standin/1 slide: done"
[ -s films/standin.mp4 ] || say_bad "a film all the same"
server_script '{"polls": 0}'

# ---------- jobs ----------

# NAME: in the background
start() {
    env --default-signal=INT,TERM,HUP "$vidgen" build --set providers.video=replicate-video --set cache.dir="$dir/cache-$1" -o "out-$1" jobs.json >"log-$1" 2>&1 </dev/null &
    pid=$! running=$!
}
clip_lesson jobs.json '"duration": 1' '"video_prompt": "a bar that takes its time"'
server_script '{"polls": 1000000}'
before=$(stat .routes.replicate) polls=$(stat .routes.poll)
start killed
until_true "the job is asked after" stat_is .routes.poll -ge $((polls + 2))
kill -9 "$pid"
wait "$pid" 2>/dev/null
running=""
server_script '{"polls": 0}'
clips "after a kill" 0 --set cache.dir="$dir/cache-killed" -o out-killed jobs.json
same "the job goes on by its id" $((before + 1)) "$(stat .routes.replicate)"
is_tidy "$dir/cache-killed" || say_bad "something is left over in the cache"

if env --default-signal=INT true 2>/dev/null; then
    server_script '{"polls": 1000000}'
    polls=$(stat .routes.poll)
    start twice
    until_true "the job is asked after again" stat_is .routes.poll -ge $((polls + 2))
    kill -INT "$pid"
    until_true "it waits" grep -q stopping log-twice
    same "one Ctrl-C cancels nothing" 0 "$(stat .cancelled)"
    kill -INT "$pid"
    wait "$pid"
    same "two end it" 130 $?
    running=""
    same "and cancel the job" 1 "$(stat .cancelled)"
fi
server_stop

# ---------- one's own ----------

ffmpeg -v error -y -f lavfi -i testsrc2=size=160x120:rate=24:duration=2 -c:v libx264 -pix_fmt yuv420p own.mp4 2>/dev/null || ffmpeg -v error -y -f lavfi -i testsrc2=size=160x120:rate=24:duration=2 own.mp4
cat >own.json <<'J'
{ "title": "Own clips", "video": { "width": 160, "height": 90, "fps": 30 },
  "sections": [ { "video": "own.mp4", "duration": 3 }, { "video": { "file": "own.mp4", "length": "slow", "fit": "contain-blur" }, "duration": 3 },
                { "video": { "file": "own.mp4", "length": "hold" }, "effects": [ "zoom-in" ], "duration": 3 } ] }
J
for n in 1 4; do run "own clips with $n threads" 0 "$vidgen" build --set workers.render=$n --set cache.dir="$dir/cache-own-$n" -o own-$n own.json; done
cmp own-1/own.mp4 own-4/own.mp4 || say_bad "the same film with any number of threads"
same "no sound of the clip" 9 "$(ffprobe -v error -show_entries format=duration -of csv=p=0 own-1/own.mp4 | cut -d. -f1)"
finish
