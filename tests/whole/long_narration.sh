# Long narration: spoken in parts under the provider's limit, joined, kept; one changed sentence buys one part.
. "$(dirname "$0")/../support/whole.sh"
need curl jq ffprobe

mkdir providers
server_start '{"key": "test-key-"}'
config openai-image short
# $1: the service's limit
voice() {
    cat >providers/short.yaml <<YAML
id: short
extends: openai-speech
base: "http://127.0.0.1:$port/v1"
limits: {text_chars: $1}
YAML
}
voice 120

# FILE WORD: a film of two sections, the first with about 600 characters to say
long_lesson() {
    cat >"$1" <<JSON
{ "title": "Gates", "video": { "width": 160, "height": 90, "fps": 25 }, "output": { "subtitles": ["srt"] },
  "voice": { "pronounce": { "MOSFET": "moss fet" } },
  "sections": [
    { "background": "#203040", "narration": "Every chip begins with one small gate. It was drawn by hand, once. A MOSFET at 3.3 V draws little current, e.g. a few microamperes. Two of them make an inverter!\n\nThe first one pulls up. The second one $2 down. Between them lies the output. Nothing else is needed here. Is that so? Yes, that is so. Millions of them make a processor. Each is smaller than a virus. They switch in a few picoseconds. And then it all begins again." },
    { "background": "#403020", "narration": "That is all." } ] }
JSON
}
long_lesson l.json pulls
go() { run "$1" "$2" "$vidgen" build -v --set cache.dir="$dir/cache" -o film l.json; }

go "a narration of many parts" 0
parts=$(($(stat '.routes.speech') - 1))
[ "$parts" -ge 5 ] || say_bad "parts: $parts, want at least 5 of 120 characters"
same "sold" $((parts + 1)) "$(stat .paid)"
same "sold twice" 0 "$(stat .paid_twice)"
cp out log-first
run "the ledger" 0 "$vidgen" cache stats --set cache.dir="$dir/cache"
has "one entry a part" out "$((parts + 1)) calls"

# All of it is heard, in order, and its words follow each other.
made=$(cksum <film/l.mp4)
seconds=$(ffprobe -v error -show_entries format=duration -of csv=p=0 film/l.mp4 | cut -d. -f1)
[ "$seconds" -ge 30 ] || say_bad "the film has $seconds s, want at least 30 for 600 characters"
tr '\n' ' ' <film/l.srt >srt
for w in "Every chip" "3.3 V" "inverter!" "pulls down" "begins again."; do has "subtitles" srt "$w"; done
grep -e '-->' film/l.srt | awk '{ if ($1 < last) bad = 1; last = $3 } END { exit bad }' || say_bad "subtitles overlap"

asked=$(stat .requests)
go "again" 0
has "again" out "up to date"
run "into another directory" 0 "$vidgen" build --set cache.dir="$dir/cache" -o again l.json
same "calls of later runs" "$asked" "$(stat .requests)"
same "the same film" "$made" "$(cksum <again/l.mp4)"

# One word of a sentence in the middle: its part, and no other.
long_lesson l.json drags
go "a changed sentence" 0
same "calls for a changed sentence" $((asked + 1)) "$(stat .requests)"

# What was drawn and joined goes first when room is made; the parts stay, and nothing is asked for.
run "room is made" 0 "$vidgen" cache gc --set cache.dir="$dir/cache" --max-size=1
go "after room was made" 0
same "calls after room was made" $((asked + 1)) "$(stat .requests)"

# A part that is refused: the section fails and says which.
server_script '{"key": "test-key-", "rules": [{"route": "speech", "match": "Millions", "status": 422, "body": {"error": {"message": "not this one"}}}]}'
sed -i 's/Millions of/Millions and millions of/' l.json
go "a refused part" 5
has "a refused part" out 'section "section-01": part '
has "a refused part" out "not this one"

# A word that grows when it is respelled: the limit holds for what is sent.
server_script '{"key": "test-key-"}'
voice 60
sed -i 's/"moss fet"/"metal oxide semiconductor field effect transistor"/' l.json
go "a word that grows" 0

# A limit in bytes: what fits 60 characters does not fit 60 bytes.
sed -i 's/text_chars: .*}/text_bytes: 60}/' providers/short.yaml
cat >b.json <<'JSON'
{ "title": "B", "sections": [ { "background": "#102030", "narration": "Größe überall, Bäume schön, Füße müde. Öl fließt natürlich." } ] }
JSON
asked=$(stat .requests)
run "a limit in bytes" 0 "$vidgen" build -v --set video.resolution=640x360 --set cache.dir="$dir/cache" -o film b.json
same "parts under a limit in bytes" $((asked + 2)) "$(stat .requests)"

# A picture's prompt cannot be cut.
cat >p.json <<'JSON'
{ "title": "P", "sections": [ { "duration": 1, "image_prompt": "one two three four five six seven" } ] }
JSON
cat >providers/narrow.yaml <<YAML
id: narrow
extends: openai-image
base: "http://127.0.0.1:$port/v1"
limits: {prompt_chars: 10}
YAML
run "a prompt that is too long" 3 "$vidgen" build --image narrow --set cache.dir="$dir/cache" -o film p.json
has "a prompt that is too long" out "narrow takes 10 at once"
server_stop
is_tidy "$dir/cache" || say_bad "something is left over in the cache"
finish
