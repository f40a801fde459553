# The command line: usage errors with the nearest right thing, help for each command, exit codes, closed and full outputs.
set -u
. "$(dirname "$0")/../support/expect.sh"
vidgen=${VIDGEN:-$PWD/vidgen}
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT
cd "$dir"
export HOME="$dir" XDG_CONFIG_HOME="$dir/.config" XDG_CACHE_HOME="$dir/.cache" LC_ALL=C LANG=C

expect "no command shows the commands" 2 "Commands:" "$vidgen"
expect "--help is fine" 0 "Commands:" "$vidgen" --help
expect "--version" 0 "vidgen " "$vidgen" --version
expect "a mistyped command" 2 'did you mean "build"?' "$vidgen" biuld x.json
expect "a lesson in place of the command" 2 'did you mean "vidgen build x.json"?' "$vidgen" x.json
expect "an unknown command" 2 '"vidgen help" lists them' "$vidgen" frobnicate
expect "control characters in a command" 2 '\x1B[2J' "$vidgen" "$(printf '\033[2J')"
expect "a mistyped option" 2 "did you mean --output?" "$vidgen" build --ouput=x a.json
expect "an unknown option" 2 "unknown option --frobnicate" "$vidgen" check --frobnicate
expect "a missing value" 2 "--output needs a value: DIR" "$vidgen" build --output
expect "a wrong number" 2 "--jobs many: expected a whole number from 0 to 256" "$vidgen" build --jobs=many a.json
expect "an operand too many" 2 "takes no operand" "$vidgen" version x
expect "check without a lesson" 2 "no lesson was named" "$vidgen" check
grep -qF '"vidgen help check" says more' out || say_bad "check without a lesson does not point to help"
expect "help for an unknown command" 2 'did you mean "cache"?' "$vidgen" help cach
expect "a lesson that is not there" 8 "none.json: No such file" "$vidgen" check none.json
expect "an empty directory" 8 "no *.json file" "$vidgen" check .

for c in build check fmt schema list cache config help version; do
    expect "help $c" 0 "Usage: vidgen $c" "$vidgen" help "$c"
    expect "$c --help" 0 "--verbose" "$vidgen" "$c" --help
    cp out help1
    "$vidgen" help "$c" | cmp -s - help1 || say_bad "help $c and $c --help differ"
    awk 'length($0) > 80 { exit 1 }' help1 || say_bad "help $c is wider than 80 columns"
done

# Settings
expect "the defaults print as YAML" 0 "requests: 16" "$vidgen" config
expect "--set" 0 "requests: 3" "$vidgen" config --set workers.requests=3
expect "a wrong --set" 3 '--set workers.reqests: error: unknown key "reqests" in workers - did you mean "requests"?' "$vidgen" config --set workers.reqests=3
printf 'worker:\n  videos: 1\ncache:\n  size: 3\n' >bad.yaml
expect "every problem of a file" 3 'bad.yaml:1:1: error: unknown key "worker" - did you mean "workers"?' "$vidgen" config --config bad.yaml
grep -qF 'bad.yaml:4:3: error: unknown key "size" in cache' out || say_bad "the second problem is not there"
expect "a config that is not there" 3 "none.yaml" "$vidgen" check --config none.yaml x.json
expect "problems as JSON" 3 '"event":"error","code":"config","exit":3' "$vidgen" check --json --config bad.yaml x.json
"$vidgen" config --default >config.yaml
expect "the commented file is a config" 0 "# from config.yaml" "$vidgen" config
rm config.yaml

# Lessons
cat >good.json <<'JSON'
{ "title": "One", "sections": [ { "narration": "Hello {{who}}.", "slide": { "heading": "Hello" } } ] }
JSON
printf '{ "title": 3, "sections": [ { "narration": "x", "colour": 1 } ] }' >wrong.json
expect "a good lesson" 0 "good.json: no problems" "$vidgen" check --var who=you good.json
expect "an unresolved variable" 3 "who" "$vidgen" check good.json
printf '{ "who": "you" }' >vars.txt
expect "variables from a file" 0 "no problems" "$vidgen" check --vars vars.txt good.json
expect "a wrong --var" 2 "expected NAME=VALUE" "$vidgen" check --var who good.json
expect "a wrong lesson" 3 "wrong.json:1:" "$vidgen" check wrong.json
expect "the worst of several" 3 "good.json: no problems" "$vidgen" check --var who=you wrong.json good.json
expect "a directory" 3 "./good.json: no problems" "$vidgen" check --var who=you .
expect "check as JSON" 3 '"errors":' "$vidgen" check --json wrong.json
expect "a file named twice counts once" 0 "" "$vidgen" check --var who=you good.json ./good.json
[ "$(grep -c 'no problems' out)" = 1 ] || say_bad "a file named twice is checked twice"

# Building: what is wrong is told before anything is made
printf '{ "title": "One", "sections": [ { "duration": 1, "background": "#102030" } ] }' >plain.json
expect "an output directory that is a file" 8 "'plain.json' is not a directory" "$vidgen" build -o plain.json plain.json
expect "an output directory that cannot be" 8 "make directory '/proc/nowhere'" "$vidgen" build -o /proc/nowhere plain.json
[ "$(id -u)" = 0 ] || { mkdir -m 555 closed; expect "an output directory that is closed" 8 "cannot be written" "$vidgen" build -o closed plain.json; }
mkdir -p .config/vidgen/providers
cat >.config/vidgen/providers/my-images.yaml <<'YAML'
id: my-images
kind: image
base: https://images.example.org/v1
auth: {header: "Authorization: Bearer ${key}", env: MY_IMAGES_KEY}
request: {post: /images, json: {prompt: "${prompt}"}}
result: {as: body}
YAML
printf '{ "title": "One", "sections": [ { "narration": "x", "image_prompt": "y" } ] }' >drawn.json
expect "a description of the user's own is listed" 0 "waits for the environment variable MY_IMAGES_KEY" "$vidgen" list providers
expect "and is what build uses" 6 "set the environment variable MY_IMAGES_KEY" "$vidgen" build --image my-images -o films drawn.json
expect "a mistyped provider" 3 "did you mean 'my-images'?" "$vidgen" build --image my-imags -o films drawn.json
rm -r .config drawn.json plain.json

# Spelling
printf '{"topic":"One","scenes":[{"text":"Hello.","slide":{"title":"Hi"}}]}' >loose.json
expect "fmt --check names what would change" 1 "loose.json" "$vidgen" fmt --check loose.json
expect "fmt to standard output" 0 '"narration": "Hello."' sh -c '"$1" fmt - <loose.json' sh "$vidgen"
expect "fmt in place" 0 "" "$vidgen" fmt loose.json
grep -q '"sections"' loose.json || say_bad "fmt did not rename scenes"
expect "what was formatted stays" 0 "" "$vidgen" fmt --check loose.json
printf '{ "title": ' >broken.json
expect "fmt of what is no JSON" 3 "broken.json:1:" "$vidgen" fmt broken.json
rm broken.json
expect "schema" 0 "https://json-schema.org/draft/2020-12/schema" "$vidgen" schema
command -v jq >/dev/null 2>&1 && { jq -e .properties.sections out >/dev/null || say_bad "the schema is no JSON with sections"; }

# Lists, cache, manual, completions
for l in effects transitions overlays themes providers voices; do expect "list $l" 0 "" "$vidgen" list $l; [ -s out ] || say_bad "list $l is empty"; done
expect "a mistyped list" 2 'did you mean "effects"?' "$vidgen" list efects
expect "an empty cache" 0 "0 calls" "$vidgen" cache stats
expect "a whole cache" 0 "0 damaged" "$vidgen" cache verify
expect "a wrong size" 2 "expected a size" "$vidgen" cache gc --max-size=lots
expect "manual" 0 ".SH EXIT STATUS" "$vidgen" manual
if command -v man >/dev/null 2>&1; then
    man --warnings -l -Tutf8 out 2>&1 >/dev/null | grep . && say_bad "the manual page has warnings"
fi
expect "bash completion" 0 "complete -o filenames -F _vidgen vidgen" "$vidgen" completion bash
command -v bash >/dev/null 2>&1 && { bash -n out || say_bad "bash cannot read its completion"; }
expect "zsh completion" 0 "#compdef vidgen" "$vidgen" completion zsh
expect "fish completion" 0 "complete -c vidgen" "$vidgen" completion fish
expect "no such shell" 2 "bash, zsh or fish" "$vidgen" completion tcsh

# Outputs that do not take what is written
"$vidgen" help >&- 2>err; [ $? = 8 ] || say_bad "a closed standard output is not exit code 8"
if [ -e /dev/full ]; then "$vidgen" help >/dev/full 2>err; [ $? = 8 ] || say_bad "a full disk is not exit code 8"; fi
"$vidgen" help 2>&- >/dev/null || say_bad "a closed standard error breaks help"
"$vidgen" help </dev/null | head -1 | grep -q vidgen || say_bad "a pipe that closes early"
(unset HOME XDG_CONFIG_HOME XDG_CACHE_HOME; "$vidgen" config >/dev/null) || say_bad "no HOME breaks config"
exit $bad
