# Fallback: where one provider cannot serve, the next of the list does; it is told, and nothing is bought twice.
. "$(dirname "$0")/../support/whole.sh"
need curl jq

rules='"key": "test-key-", "polls": 0'
server_start "{$rules}"
build() { name=$1 code=$2; shift 2; run "$name" "$code" "$vidgen" build --set limits.attempts=2 --set cache.dir="$dir/cache-$cache" -o "out-$cache" "$@"; }
by() { jq -r --arg step "$1" 'select(.event == "node" and .state == "done" and .step == $step) | .provider' <"$2" | sort | uniq -c | tr -s ' \n' ' '; }

# NAME RULE-OF-PICTURES CODE-OF-THE-REASON
saved() {
    cache=$1
    lesson "$1.json" 3 "$1"
    server_script "{$rules, \"rules\": [{\"route\": \"image\", $2}]}"
    config '[openai-image, replicate, slide]' '[openai-speech, elevenlabs]'
    paid=$(stat .paid)
    build "$1" 0 "$1.json"
    has "$1: told" out "warning: openai-image"
    has "$1: told" out "to replicate"
    same "$1: the film's note" 3 "$(grep -rhF '"switches"' "cache-$1/blobs" | jq -r '.switches[] | select(.provider == "replicate" and .instead_of == "openai-image") | .section' | wc -l)"
    has "$1: the summary" out "3 pictures by replicate instead of openai-image ($3)"
    same "$1: bought" 6 "$(($(stat .paid) - paid))"
    asked=$(stat .routes.replicate)
    build "$1 again" 0 "$1.json"
    has "$1 again" out "up to date"
    same "$1 again: bought" "$asked" "$(stat .routes.replicate)"
}
saved Poor '"status": 402, "body": {"error": {"message": "no money left", "code": "insufficient_quota"}}' quota
saved Locked '"status": 401, "body": {"error": {"message": "no such key"}}' auth
saved Broken '"status": 500' server
saved Prudish '"status": 400, "body": {"error": {"message": "refused by the safety system", "code": "moderation_blocked"}}' policy

# What may have been paid is not bought elsewhere.
cache=lost
lesson Lost.json 1 Lost
server_script "{$rules, \"rules\": [{\"route\": \"image\", \"fault\": \"reset\"}]}"
elsewhere=$(stat .routes.replicate)
build "a lost answer" 5 Lost.json
has "a lost answer" out "may have been paid"
same "a lost answer: asked elsewhere" "$elsewhere" "$(stat .routes.replicate)"

# One voice in a lesson; two where that is allowed. Events tell it.
lesson Voice.json 3 Voice
server_script "{$rules, \"rules\": [{\"route\": \"speech\", \"match\": \"part 2\", \"status\": 400, \"body\": {\"error\": {\"message\": \"not these words\"}}}]}"
cache=one
build "one voice" 0 --json Voice.json
same "one voice" " 3 elevenlabs " "$(jq -r 'select(.event == "node" and .step == "speech" and .state == "done" and .provider == "elevenlabs") | .provider' <out | sort | uniq -c | tr -s ' \n' ' ')"
same "the end names it" "3 speech elevenlabs openai-speech input" "$(jq -r 'select(.event == "end") | .switches[] | [.count, .step, .provider, .instead_of, .code] | join(" ")' <out)"
same "each is an event" 3 "$(jq -r 'select(.event == "switch") | .instead_of' <out | wc -l)"
cache=two
build "two voices" 0 --json --set voice.fallback=section Voice.json
same "two voices" " 1 elevenlabs 2 openai-speech " "$(by speech out)"
cache=never
build "never another voice" 5 --set voice.fallback=never Voice.json

# A refused picture becomes a card where that is asked for.
cache=card
lesson Card.json 2 Card
server_script "{$rules, \"rules\": [{\"route\": \"image\", \"match\": \"picture 2\", \"status\": 400, \"body\": {\"error\": {\"message\": \"not this\", \"code\": \"moderation_blocked\"}}}]}"
build "no card" 5 --image openai-image Card.json
build "a card" 0 --image openai-image --set image.on_refused=card Card.json
has "a card" out "not this"
has "a card" out "; 1 picture goes to slide"
has "a card" out "1 picture by slide instead of openai-image (policy)"

# Or it is asked for in a chat model's words; the answer is kept, so a second run asks the model nothing.
cache=soft
server_script "{$rules, \"rules\": [{\"route\": \"chat\", \"say\": \"a tame drawing\"},
    {\"route\": \"image\", \"match\": \"picture 2\", \"status\": 400, \"body\": {\"error\": {\"message\": \"not this\", \"code\": \"moderation_blocked\"}}}]}"
sed -i "s|^  image:|  chat: openai-chat\n  openai-chat: {base: \"http://127.0.0.1:$port/v1\"}\n  image:|" config.yaml
asked=$(stat .routes.chat)
build "other words" 0 --image openai-image --set 'image.on_refused=[soften, card]' Card.json
has "other words" out "by openai-image (reworded) instead of openai-image (policy)"
build "other words again" 0 --image openai-image --set 'image.on_refused=[soften, card]' Card.json
has "other words again" out "up to date"
same "the model is asked" 1 "$(($(stat .routes.chat) - asked))"

# The command line names a list, too; who has no key is passed over.
cache=cli
lesson Cli.json 2 Cli
sed -i '/openai-image: /d' config.yaml
unset OPENAI_API_KEY
build "without a key" 0 --image openai-image,replicate --speech espeak Cli.json
has "without a key" out "set the environment variable OPENAI_API_KEY; the next provider of the list is used"
finish
