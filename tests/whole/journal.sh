#!/bin/sh
# journal.sh - every run leaves a journal in the cache: requests, renders, films and totals; one that cannot be written is told once
. "$(dirname "$0")/../support/whole.sh"
need jq
server_start '{"rules": [{"route": "image", "match": "picture 2", "times": 1, "status": 429, "headers": {"Retry-After": "0"}, "body": {}}]}'
config openai-image openai-speech
lesson l.json 3 Wafer
runs=.cache/vidgen/runs
run "a build" 0 "$vidgen" build -o out1 --set workers.requests=2 l.json
same "one journal" 1 "$(ls $runs/*.jsonl | wc -l)"
j=$(echo $runs/*.jsonl)
same "for nobody else" 600 "$(command stat -c %a "$j")"
same "each line is an object" true "$(jq -s 'all(type == "object")' "$j")"
same "the run and its caps" "build 2 true" "$(jq -r 'select(.event == "run") | "\(.command) \(.requests_cap) \(.render_cap > 0)"' "$j")"
same "requests begin" 7 "$(jq -s 'map(select(.state == "running" and .provider != null)) | length' "$j")"
same "answers come" 6 "$(jq -s 'map(select(.state == "answered")) | length' "$j")"
same "a refusal is told with its reason" 1 "$(jq -s 'map(select(.event == "retry" and .step == "image" and .code == "rate")) | length' "$j")"
same "what is bought has its id and its cost" true "$(jq -s 'map(select(.state == "done" and .step == "image")) | all((.id | length) == 64 and .cost == 0.04)' "$j")"
same "renders begin and end" true "$(jq -s '[map(select(.step == "render" or .step == "transition")) | group_by(.id)[] | map(.state) | sort | join(" ")] | all(. == "done running")' "$j")"
same "what the film shows when" "3 0" "$(jq -r 'select(.event == "film") | "\(.sections | length) \(.sections[0].start_s)"' "$j")"
same "who made it" openai-image "$(jq -r 'select(.event == "film") | .sections[2].pictures[0].provider' "$j")"
same "its file and how loud it is" true "$(jq 'select(.event == "lesson") | (.output | endswith("l.mp4")) and .loudness_lufs < -5' "$j")"
same "totals" "7 1" "$(jq -r 'select(.event == "end") | "\(.requests_made) \(.retries)"' "$j")"
same "no key" "" "$(grep -l test-key "$j")"

run "a second run has its own" 0 "$vidgen" build -o out1 l.json
same "two journals" 2 "$(ls $runs/*.jsonl | wc -l)"
i=100
while [ $i -lt 170 ]; do echo '{}' >$runs/20200101T000000Z-$i.jsonl; i=$((i + 1)); done
run "the third removes the oldest" 0 "$vidgen" build -o out1 l.json
same "fifty journals" 50 "$(ls $runs/*.jsonl | wc -l)"
run "gc leaves ten" 0 "$vidgen" cache gc
same "ten journals" 10 "$(ls $runs/*.jsonl | wc -l)"

rm -rf $runs && : >$runs
run "no place for a journal" 0 "$vidgen" build -o out2 l.json
same "that is told once" 1 "$(grep -c 'leaves no journal' out)"
finish
