# Tune: without a run it says how to get one; with one it says which settings are best, and writes them where they belong.
. "$(dirname "$0")/../support/whole.sh"
need curl jq

run "no run yet" 2 "$vidgen" tune
has "no run yet" out 'no run that fetched or rendered anything is recorded'
has "what helps" out '"vidgen build" records each one'

server_start '{"latency_ms": {"image": 300, "speech": 60}}'
config openai-image openai-speech
sed -i '1i # mine\nworkers:\n  # asked for at once\n  requests: 1   # too few' config.yaml
lesson l.json 4 Wafer
lesson m.json 4 Copper
run "a run" 0 "$vidgen" build --json -o made l.json
cp out events.jsonl
run "the same run, all of it there" 0 "$vidgen" build -o made l.json

# The newest run did nothing; the one before it is taken.
run "what it says" 0 "$vidgen" tune
has "the limit that binds" out "now: workers.requests"
has "what to use" out "use workers.requests: "
has "accounts" out "openai-image: 4 requests, 0.3 s each, at most 1 at once"
cp out said
run "the same each time" 0 "$vidgen" tune
cmp -s out said || say_bad "two looks at one run differ"
run "by what --json printed" 0 "$vidgen" tune --run ./events.jsonl --json
same "the time that was recorded is simulated to a quarter" true "$(jq '.simulated_ms > .recorded_ms * 0.75 and .simulated_ms < .recorded_ms * 1.1' out)"
same "the limit, for programs" workers.requests "$(jq -r .now.binds out)"
best=$(jq .best.requests out)
run "lessons that are to be made" 0 "$vidgen" tune m.json
has "as slow as the others" out "Planned: 1 lesson, as slow as what was asked for then"
has "what they ask for" out "openai-image: 4 requests, 0.3 s each"
same "nothing is bought for that" 8 "$(stat .paid)"
run "a picture" 0 "$vidgen" tune --svg time.svg
has "a picture" time.svg ">best</text>"

cp config.yaml before
run "written" 0 "$vidgen" tune --run ./events.jsonl --write
has "where" out "written to config.yaml"
same "one line" "$(sed 's/  requests: 1   # too few/  requests: '"$best"'   # too few/' before | cksum)" "$(sed "s/$best  *# too few/$best   # too few/" config.yaml | cksum)"
same "the setting in effect" "$best" "$("$vidgen" config --json | jq .workers.requests)"
run "then they are right" 0 "$vidgen" tune --run ./events.jsonl --write
has "then they are right" out "the settings are right"
has "nothing to write" out "config.yaml stays as it is"
printf 'workers:\n\trequests: 1\n' >broken.yaml
run "a file that cannot be read" 3 "$vidgen" tune --config broken.yaml --write
same "is left alone" "$(printf 'workers:\n\trequests: 1\n' | cksum)" "$(cksum <broken.yaml)"
mkdir none && cd none
run "without a file" 0 "$vidgen" tune --set workers.requests=1 --run ../events.jsonl --write
has "without a file" config.yaml "  requests: $best"
finish
