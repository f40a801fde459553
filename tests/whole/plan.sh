# Plan: with no key, no network and no cache it says what a build then asks for; limits are kept; the ledger has what answers told.
. "$(dirname "$0")/../support/whole.sh"
need curl jq sqlite3

plan() { "$vidgen" plan --json "$@" >plan.json 2>err || true; }
of_plan() { jq -r "$1" plan.json; }
keys() { export OPENAI_API_KEY=test-key-3f8a ELEVENLABS_API_KEY=test-key-9b1c; }
no_keys() { unset OPENAI_API_KEY ELEVENLABS_API_KEY REPLICATE_API_TOKEN; }

server_start '{"key": "test-key-", "rules": [{"route": "elevenlabs", "headers": {"character-cost": "100"}}]}'
cat >config.yaml <<YAML
providers:
  image: openai-image
  speech: elevenlabs
  openai-image: {base: "http://127.0.0.1:$port/v1", concurrency: 100, params: {size: 1024x1024}}
  elevenlabs: {base: "http://127.0.0.1:$port", concurrency: 100}
YAML
mkdir lessons
lesson lessons/a.json 3 Wafer
lesson lessons/b.json 2 Wafer        # the same words: wanted by both, but for the narration that has no next one here
lesson lessons/c.json 2 Mask
jq '.sections[0].image_prompt = "Wafer picture 2"' lessons/c.json >c && mv c lessons/c.json

# Nothing is needed and nothing is made: no key, no server, no cache.
no_keys
server_stop
sed -i 's/127\.0\.0\.1/unreachable.example/; s/"http:/"https:/' config.yaml
run "no key and no network" 0 "$vidgen" plan lessons
has "what a build will need" out "A build needs, for openai-image: the environment variable OPENAI_API_KEY."
has "what a build will need" out "A build needs, for elevenlabs: the environment variable ELEVENLABS_API_KEY."
has "who is asked for what" out "openai-image, gpt-image-2           4 pictures"
has "what is shared" out "Wanted by more than one section, and bought once: "
has "calls" out "10 calls to remote providers, about "
[ ! -e .cache ] || say_bad "a plan made a cache"
at_most "columns" 80 "$(wc -L <out)"
run "as a dry run of a build" 0 "$vidgen" build --dry-run lessons
has "the same" out "10 calls to remote providers, about "
[ ! -e .cache ] && [ ! -e out.d ] || say_bad "a dry run made something"

# What the plan says is what a build asks for.
server_start '{"key": "test-key-", "rules": [{"route": "elevenlabs", "headers": {"character-cost": "100"}}]}'
sed -i "s|\"https*://[^/\"]*|\"http://127.0.0.1:$port|" config.yaml
plan lessons
same "pictures" 4 "$(of_plan .total.images)"
same "narrations" 6 "$(of_plan .total.speech)"
same "calls" 10 "$(of_plan .total.calls)"
same "shared by lesson" "0 3 1" "$(of_plan '[.lessons[].shared] | join(" ")')"
same "calls by lesson" "6 1 3" "$(of_plan '[.lessons[].calls] | join(" ")')"
same "characters" 82 "$(of_plan .total.characters)"
same "a picture by its pixels" 0.28018 "$(of_plan '.providers[] | select(.provider == "openai-image") | .cost * 100000 | round / 100000')"
same "a plan asks for nothing" 0 "$(stat .requests)"
keys
run "fetch" 0 "$vidgen" fetch --json lessons
same "what the plan said was asked for" 10 "$(stat .requests)"
same "and paid once" 10 "$(stat .paid)"
# by the answers: 4 pictures of 20 and 1000 tokens at 5 and 30 a million, 6 narrations of 100 credits at 0.0001
same "spent" 0.1804 "$(jq -r 'select(.event == "end") | .spent' out)"
same "the ledger" 0.1804 "$(sqlite3 .cache/vidgen/ledger.sqlite 'SELECT round(sum(cost), 6) FROM calls')"
same "usage in the ledger" '{"input_tokens":20,"output_tokens":1000}' \
    "$(sqlite3 .cache/vidgen/ledger.sqlite "SELECT DISTINCT json_extract(meta, '\$.usage') FROM calls WHERE kind = 'image'")"
run "spent by provider" 0 "$vidgen" cache stats
grep -qE '^  openai-image +4 calls +0\.12 USD' out || { say_bad "what openai-image took"; cat out; }
grep -qE '^  elevenlabs +6 calls +0\.06 USD' out || { say_bad "what elevenlabs took"; cat out; }
same "by provider, for programs" 0.1204 "$("$vidgen" cache stats --json | jq -r '.providers[] | select(.provider == "openai-image") | .spent')"

# The second plan finds everything.
no_keys
plan lessons
same "calls of the second plan" 0 "$(of_plan .total.calls)"
same "cached" 10 "$(of_plan .total.cached)"
same "money of the second plan" 0 "$(of_plan .total.cost)"

# A limit.
lesson lessons/d.json 2 Etch
run "too little" 6 "$vidgen" plan --max-cost 0.01 lessons
has "says so" out "The limit is 0.01 USD: "
keys
asked=$(stat .requests)
run "a build refuses" 6 "$vidgen" fetch --max-cost 0.01 lessons
has "and says what would fit" out "The first 3 of 4 lessons, up to lessons/c.json, would fit: about 0.00"
same "and asks for nothing" "$asked" "$(stat .requests)"
run "enough" 0 "$vidgen" fetch --max-cost 0.20 lessons
same "four more" "$((asked + 4))" "$(stat .requests)"

# An answer that is lost may be paid: it counts, and what no longer fits is left out with its price.
lesson lessons/e.json 3 Resist
server_script '{"key": "test-key-", "rules": [{"route": "image", "match": "Resist picture 1", "fault": "reset"}]}'
sed -i 's/params: {size: 1024x1024}/price_call: 1/; s/concurrency: 100}/concurrency: 100, price_call: 0}/' config.yaml
run "a lost answer" 5 "$vidgen" fetch --max-cost 3 lessons/e.json
run "the next run has its own limit" 6 "$vidgen" fetch --max-cost 0.5 lessons/e.json
server_script '{"key": "test-key-"}'
run "and buys what was missing" 0 "$vidgen" fetch --max-cost 1 lessons/e.json

# Calls without a price.
lesson lessons/f.json 1 Anneal
sed -i 's/, price_call: 1}/, params: {quality: auto}}/' config.yaml
run "no price beside a limit" 6 "$vidgen" fetch --max-cost 5 lessons/f.json
has "whose" out "openai-image, gpt-image-2"
has "the way out" out "--allow-unpriced"
run "allowed" 0 "$vidgen" fetch --max-cost 5 --allow-unpriced lessons/f.json

# A user's own prices.
lesson lessons/g.json 1 Dicing
printf 'date: "2026-11-20"\nprices:\n  openai-image:\n  - {when: {quality: auto}, image: 0.25}\n' >prices.yaml
plan lessons/g.json
same "the user's price" 0.25 "$(of_plan '.providers[] | select(.provider == "openai-image") | .cost')"
printf 'date: "2026-11-20"\nprices:\n  openai-image:\n  - {when: {quality: auto}, imge: 0.25}\n' >prices.yaml
run "a mistake there" 3 "$vidgen" plan lessons/g.json
has "its place and the nearest word" out "prices.yaml:4:29: unknown key 'imge'; did you mean 'image'?"
finish
