# Programs of the user's as providers: films from the examples' scripts, failures that are told, keys that stay here.
. "$(dirname "$0")/../support/whole.sh"
need curl jq ffmpeg ffprobe python3
env --default-signal=INT true 2>/dev/null || { echo "env cannot give signals back their meaning here"; exit 77; }

# What the examples call: programs of these names, which make something quickly and count their runs.
mkdir bin tmp
export TMPDIR="$dir/tmp"
cat >bin/sd <<'SH'
#!/bin/sh
echo run >>"$HOME/sd-runs"
while [ $# -gt 0 ]; do [ "$1" = --output ] && out=$2; shift; done
ffmpeg -v error -y -f lavfi -i testsrc=size=640x384 -frames:v 1 "$out"
SH
cat >bin/piper <<'SH'
#!/bin/sh
echo run >>"$HOME/piper-runs"
while [ $# -gt 0 ]; do [ "$1" = --output_file ] && out=$2; shift; done
n=$(wc -c)
ffmpeg -v error -y -f lavfi -i "sine=frequency=200:duration=$(echo "$n" | awk '{ print $1 / 20 }')" -f wav "$out"
SH
chmod +x bin/sd bin/piper
export PATH="$dir/bin:$PATH" SECRET_TOKEN=not-for-you-1234
cp -r "$whole_root/examples/exec/config.yaml" "$whole_root/examples/exec/providers" .
lesson l.json 3 Wafer

run "check shows the job" 0 "$vidgen" provider check my-sd
has "check shows the job" out '"prompt":"A red apple on a wooden table"'
has "check shows the job" out "| './my-sd.sh'"
sh -n out || say_bad "check: no shell command"
run "list" 0 "$vidgen" list providers
has "list" out "./my-sd.sh"
run "try" 0 "$vidgen" provider try my-piper --yes --output tried.wav
same "tried" wav "$(ffprobe -v error -show_entries format=format_name -of csv=p=0 tried.wav)"
rm piper-runs

run "a film" 0 "$vidgen" build -v --max-cost=0.01 --set cache.dir="$dir/cache" -o film l.json
has "a film" out "l/1 image: done by my-sd"
has "a film" out "l/1 speech: done by my-piper"
same "pictures" 3 "$(wc -l <sd-runs)"
same "narrations" 3 "$(wc -l <piper-runs)"
made=$(cksum <film/l.mp4)
run "again" 0 "$vidgen" build --set cache.dir="$dir/cache" -o again l.json
same "pictures after the second run" 3 "$(wc -l <sd-runs)"
same "the same film" "$made" "$(cksum <again/l.mp4)"
is_tidy "$dir/cache" || say_bad "something is left over in the cache"

# NAME SCRIPT: a provider of pictures
program() {
    printf 'id: %s\nkind: image\nexec: [sh, ./%s.sh]\n' "$1" "$1" >"providers/$1.yaml"
    printf 'job=$(cat); path=$(printf "%%s" "$job" | jq -r .path)\n%s\n' "$2" >"providers/$1.sh"
}
lesson one.json 1 Wafer
build_with() { run "$1" "$2" "$vidgen" build -v --image "$3" --speech espeak --set cache.dir="$dir/cache-$3" -o "out-$3" one.json; }

program bad 'printf "\033]0;evil\007 no weights\n" >&2; echo run >>"$HOME/bad-runs"; exit 1'
build_with "a program that fails" 5 bad
has "its reason" out "bad: ended with code 1"
has "its words" out "no weights"
has "its section" out "one/1 image: failed"
! grep -q "$(printf '\033')" out || say_bad "escape codes reach the terminal"
same "it is not tried again" 1 "$(wc -l <bad-runs)"

program busy 'echo run >>"$HOME/busy-runs"; [ "$(wc -l <"$HOME/busy-runs")" -ge 2 ] || exit 75; sd --output "$path.png"; mv "$path.png" "$path"'
build_with "a program that was busy" 0 busy
same "runs of one that was busy" 2 "$(wc -l <busy-runs)"

program html 'echo "<html><title>Not a picture</title></html>" >"$path"'
build_with "a program that writes HTML" 5 html
has "what it wrote" out "html instead of image"

program named 'echo "{\"error\": {\"class\": \"policy\", \"message\": \"I will not draw this\"}}"; exit 1'
build_with "a program that refuses" 5 named
has "why" out "I will not draw this"

program nosy 'env | grep -e TOKEN -e API_KEY >"$HOME/seen"; exit 1'
build_with "a program that looks around" 5 nosy
same "keys that it saw" 0 "$(wc -c <seen)"

# A lesson cannot name a program, only a provider that is there.
cat >evil.json <<'JSON'
{ "title": "E", "image": { "provider": "./evil.sh" }, "sections": [ { "duration": 1, "image_prompt": "a cell" } ] }
JSON
run "a lesson with a program" 3 "$vidgen" build --set cache.dir="$dir/cache-evil" -o evil evil.json

[ -z "$(ls tmp)" ] || say_bad "something is left over in the directory for temporary files: $(ls tmp)"

# Ctrl-C twice: the program goes, too.
program slow 'echo $$ >"$HOME/slow.new"; mv "$HOME/slow.new" "$HOME/slow.pid"; sleep 1000; sleep 1000'
env --default-signal=INT "$vidgen" build -v --image slow --speech espeak --set cache.dir="$dir/cache-slow" -o slow one.json >log-slow 2>&1 &
pid=$!
running="$running $pid"
until_true "the program runs" test -s slow.pid
kill -INT "$pid"
until_true "it is waited for" grep -q stopping log-slow
kill -INT "$pid"
wait "$pid"
same "stopped" 130 $?
gone() { ! kill -0 "$(cat slow.pid)" 2>/dev/null; }
until_true "the program is gone" gone

# kill -9: what the program had started goes, too.
program heavy 'sh -c "echo \$\$ >\"$HOME/heavy.new\"; mv \"$HOME/heavy.new\" \"$HOME/heavy.pid\"; sleep 1000; true"; true'
"$vidgen" build --image heavy --speech espeak --set cache.dir="$dir/cache-heavy" -o heavy one.json >log-heavy 2>&1 &
pid=$!
running="$running $pid"
until_true "what it starts runs" test -s heavy.pid
kill -9 "$pid"
wait "$pid" 2>/dev/null
gone() { ! kill -0 "$(cat heavy.pid)" 2>/dev/null; }
until_true "what a program had started is gone after kill -9" gone
run "a run after that" 0 "$vidgen" build --image slide --speech espeak --set cache.dir="$dir/cache-heavy" -o heavy one.json

# A key that a program prints: once, and nowhere to be seen.
server_start '{"key": "key-by-program"}'
unset OPENAI_API_KEY
cat >providers/openai-image.yaml <<YAML
id: openai-image
extends: openai-image
base: "http://127.0.0.1:$port/v1"
auth: {command: [sh, ./key.sh], ttl: 1h}
YAML
printf 'echo run >>"$HOME/key-runs"; echo key-by-program-5f3a\n' >providers/key.sh
lesson k.json 4 Wafer
run "pictures with that key" 0 "$vidgen" build -v -v --image openai-image --speech espeak --set cache.dir="$dir/cache-key" -o key k.json
cp out log-key
same "pictures with that key" 4 "$(stat .paid)"
same "calls without a key" 0 "$(stat .unauthorized)"
same "asked for" 1 "$(wc -l <key-runs)"
run "where the key comes from" 0 "$vidgen" list providers
has "where the key comes from" out "ready, key from sh ./key.sh"
run "the command names its source" 0 "$vidgen" provider check openai-image
has "the command names its source" out "\$('sh' './key.sh')"
cp out log-check
grep -rlF key-by-program-5f3a . --exclude=key.sh >found 2>/dev/null
[ ! -s found ] || say_bad "a key stands in $(cat found)"
server_stop
finish
