# Sound effects at their moments, music that goes down for speech, sounds of clips, the loudness of the whole: measured in the film.
. "$(dirname "$0")/../support/whole.sh"
need ffmpeg

tone() { ffmpeg -v error -y -f lavfi -i "$2" ${3:-} "$1"; }               # FILE SOURCE OPTIONS
build() { build_name=$1; shift; run "$build_name" 0 "$vidgen" build -o films --set cache.dir="$dir/cache" --quiet "$@"; }
# FILM FILTERS: begins of all that is heard after these filters, in hundredths of a second
onsets() { ffmpeg -hide_banner -nostats -i "$1" -vn -af "$2,silencedetect=n=-45dB:d=0.1" -f null - 2>&1 | awk '/silence_end/ { printf "%d ", $5 * 100 + 0.5 }'; }
# FILM FROM LENGTH FILTERS: mean level in dB
level() { ffmpeg -hide_banner -nostats -ss "$2" -t "$3" -i "$1" -vn -af "$4,volumedetect" -f null - 2>&1 | awk '/mean_volume/ { printf "%d", $5 - 0.5 }'; }
# NAME WANT GOT TOLERANCE
near() { [ -n "$3" ] && [ "$(($3 - $2))" -le "$4" ] && [ "$(($2 - $3))" -le "$4" ] || say_bad "$1: ${3:-nothing}, want $2 +- $4"; }
# FILM LUFS PEAK: integrated loudness within half a LU, true peak not over, as FFmpeg measures both
is_as_loud() {
    ffmpeg -hide_banner -nostats -i "$1" -vn -af ebur128=peak=true -f null - 2>loud
    awk -v want="$2" -v peak="$3" '/Summary/ { s = 1 } s && $1 == "I:" { i = $2 } s && $1 == "Peak:" { p = $2 }
        END { exit !(i >= want - 0.5 && i <= want + 0.5 && p <= peak) }' loud || { say_bad "$1: not $2 LUFS under $3 dBTP"; tail -12 loud; }
}

tone click.wav "sine=4000:d=0.03:r=44100"
# two words of 0.4 s each, and 0.3 s between them
tone words.wav "aevalsrc=0.4*sin(2*PI*300*t)*max(0\,sin(2.5*PI*mod(t\,0.7)))*lt(mod(t\,0.7)\,0.4):d=1.1:s=22050"

# ---------- sound effects ----------

cat >effects.json <<'J'
{ "title": "Effects", "video": { "width": 64, "height": 36, "fps": 25 }, "captions": false,
  "transition": { "type": "fade", "duration": 0.4, "sound": "click.wav", "sound_volume": 1 },
  "sections": [
    { "background": "#204060", "duration": 2, "sounds": { "file": "click.wav", "at": 0.5, "volume": "0dB" } },
    { "background": "#604020", "audio": "words.wav", "narration": "One, <mark name='second'/>two.",
      "sounds": [ { "src": "click.wav", "at": "mark:second", "volume": 1 } ] },
    { "background": "#406020", "duration": 1, "transition": "none", "sounds": [ "click.wav" ] } ] }
J
build "effects" effects.json
# 0.5 s; 0.2 s before the boundary at 2 s; the second word at 2 s + 0.5 s + 0.7 s; the third section begins at 4.4 s
same "effects are heard, and then the end" 5 "$(onsets films/effects.mp4 highpass=f=2000:p=2,highpass=f=2000:p=2 | wc -w)"
set -- $(onsets films/effects.mp4 highpass=f=2000:p=2,highpass=f=2000:p=2)
near "after half a second" 50 "${1:-}" 3
near "with the transition" 180 "${2:-}" 3
near "at the mark" 320 "${3:-}" 6
near "a cut has no sound of its own" 440 "${4:-}" 3
near "speech stays where it is" 250 "$(onsets films/effects.mp4 lowpass=f=1000:p=2,lowpass=f=1000:p=2 | awk '{ print $1 }')" 5
is_as_loud films/effects.mp4 -16 -1

sed 's/mark:second/mark:secnod/' effects.json >wrong.json
run "a mark that is not there" 3 "$vidgen" check wrong.json
has "it is named" out 'nearest: second'
sed 's/"src": "click.wav"/"src": "klick.wav"/' effects.json >wrong.json
run "a file that is not there" 3 "$vidgen" check wrong.json
has "it is named" out 'klick.wav'
echo '<html><title>Not found</title></html>' >page.wav
sed 's/"sound": "click.wav"/"sound": "page.wav"/' effects.json >wrong.json
run "a page instead of a sound" 3 "$vidgen" check wrong.json
has "it is called by its name" out 'Not found'
run "fmt" 0 "$vidgen" fmt effects.json
has "fmt writes canonical names" effects.json '"at": "mark:second", "volume": 1, "file": "click.wav"'

# ---------- music ----------

tone music.wav "sine=3000:d=3:r=32000" "-ac 2"
cat >music.json <<'J'
{ "title": "Music", "video": { "width": 64, "height": 36, "fps": 25 }, "captions": false,
  "music": { "file": "music.wav", "volume": "25%", "duck": "-12dB", "duck_attack": 0.2, "duck_release": 0.4, "seam": 0, "fade_in": 0, "fade_out": 0.5 },
  "sections": [ { "background": "#204060", "duration": 4 }, { "background": "#204060", "audio": "words.wav" }, { "background": "#204060", "duration": 4 } ] }
J
build "music" music.json
high=highpass=f=1500:p=2,highpass=f=1500:p=2
apart=$(level films/music.mp4 2 1 $high) under=$(level films/music.mp4 4.8 0.6 $high)
near "music is 12 dB lower under speech" "$((apart - 12))" "$under" 1
near "and comes back" "$apart" "$(level films/music.mp4 7.5 1 $high)" 1
same "it is heard all the time, seams and all" 0 "$(onsets films/music.mp4 anull | wc -w)"
is_as_loud films/music.mp4 -16 -1
# Two directories with files of one name, size and time, as an archive unpacks them: each film has its own music.
for d in a b; do
    mkdir $d && cp music.json $d/
    tone $d/music.wav "sine=$([ $d = a ] && echo 3000 || echo 2000):d=3:r=32000" "-ac 2"
    cp words.wav $d/ && touch -d 2020-01-01 $d/*.wav
    run "music in $d" 0 "$vidgen" build -q -o films-$d --set cache.dir="$dir/cache" $d/music.json
done
! cmp -s films-a/music.mp4 films-b/music.mp4 || say_bad "another directory has another music"
sed 's/"fade_in"/"volume": "-11.5 dB", "fade_in"/; s/"volume": "25%", //; s/"title"/"loudness": { "target": -23, "peak": -6 }, "title"/' music.json >quiet.json
build "other targets" quiet.json
is_as_loud films/quiet.mp4 -23 -6
sed 's/"title"/"loudness": { "target": -5, "peak": -12 }, "title"/' music.json >squeezed.json
run "a target that the ceiling forbids" 0 "$vidgen" build -o films --set cache.dir="$dir/cache" squeezed.json
has "it is told" out 'LUFS instead of -5.0'

# ---------- clips ----------

tone a.mp4 "testsrc=s=64x36:d=2:r=25" "-f lavfi -i sine=500:d=2 -shortest -pix_fmt yuv420p"
tone mute.mp4 "testsrc=s=64x36:d=2:r=25" "-pix_fmt yuv420p"
cat >clips.json <<'J'
{ "title": "Clips", "video": { "width": 64, "height": 36, "fps": 25 }, "captions": false,
  "sections": [ { "video": { "file": "a.mp4", "volume": 1 }, "duration": 3 }, { "video": { "file": "mute.mp4", "volume": 1 }, "duration": 2 },
                { "video": "a.mp4", "duration": 2 } ] }
J
build "sounds of clips" clips.json
is_as_loud films/clips.mp4 -16 -1
near "the first is heard, looped" -17 "$(level films/clips.mp4 0.5 2.2 anull)" 4
near "the others are not" -91 "$(level films/clips.mp4 3.4 3 anull)" 25

finish
