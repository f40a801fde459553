# Ten different mistakes in one lesson: all ten are told with their places, nothing is asked for, exit code 3.
. "$(dirname "$0")/../support/whole.sh"
need curl jq

server_start '{}'
config openai-image openai-speech
cat >ten.json <<'JSON'
{ "title": "Ten mistakes",
  "video": { "width": 160, "height": 90 },
  "voice": { "speed": 9 },
  "sections": [
    { "narations": "One.", "image_prompt": "a" },
    { "narration": "Two.", "image_prompt": "b", "transition": { "type": "wipeLft" } },
    { "narration": "Three.", "image_prompt": "c", "effects": [ "zoom-inn" ] },
    { "narration": "Four." },
    { "narration": "Five {{who}}.", "image_prompt": "e" },
    { "narration": "Six.", "image": "none.png" },
    { "id": "seven", "narration": "Seven.", "image": "../outside.png" },
    { "id": "seven", "narration": "Eight.", "image_prompt": "h" },
    { "narration": "Nine.", "image_prompt": "i", "duration": -3 } ] }
JSON
run "check" 3 "$vidgen" check ten.json
cp out checked
run "build" 3 "$vidgen" build -o videos ten.json
# LINE TOKEN TEXT: the place is where the token stands in that line
told() {
    place="$1:$(awk -v n="$1" -v t="$2" 'NR == n { print index($0, t) }' ten.json)"
    grep -F "ten.json:$place: error:" out | grep -qF -- "$3" || { say_bad "\"$3\" at $place in:"; cat out; }
}
all_told() {
    told 3 '9' 'voice.speed 9: out of range, 0.25 to 4'
    told 5 '"narations"' 'did you mean "narration"?'
    told 6 '"wipeLft"' 'wipe-left'
    told 7 '"zoom-inn"' 'zoom-in'
    told 8 '{' 'needs one of "image_prompt"'
    told 9 '"Five' '{{who}} has no value'
    told 10 '"none.png"' 'no such file'
    told 11 '"../outside.png"' "leaves the lesson's directory"
    told 12 '"seven"' 'section 7 has this id as well'
    told 13 '-3' 'sections[8].duration -3: out of range'
    has "how many" out "ten.json: 10 errors; nothing was fetched or spent"
}
all_told
cp checked out
all_told
[ ! -e videos ] || say_bad "no directory is made"
[ ! -e "$XDG_CACHE_HOME" ] || say_bad "no cache is made"

run "build for machines" 3 "$vidgen" build --json -o videos ten.json
same "every line is JSON" "" "$(jq -c . out 2>&1 >/dev/null)"
for command in check build; do
    run "$command --json" 3 "$vidgen" $command --json ten.json
    same "$command --json tells ten problems with their places" 10 \
        "$(jq -r 'select(.event == "problem" and .file == "ten.json" and .line > 0 and .column > 0 and .path and .code and .message) | .line' out | sort -u | wc -l)"
done
same "requests" 0 "$(stat .requests)"

# One wrong lesson among good ones: it is told, the good ones are made, the code says so.
lesson good.json 2 Good
run "a good one beside it" 3 "$vidgen" build -o videos ten.json good.json
told 5 '"narations"' 'did you mean "narration"?'
[ -s videos/good.mp4 ] || say_bad "the good lesson is made"
finish
