# Drafts: a lesson that is right at once, one that is mended, one that never is; asked once, kept, nothing overwritten.
. "$(dirname "$0")/../support/whole.sh"
need curl jq

good='{"title": "Gates", "language": "en", "description": null, "style": {"prompt": "clean drawings", "negative": null}, "sections": [
  {"title": "Why", "narration": "A gate decides. It opens and it closes.", "image_prompt": "a garden gate", "slide": null},
  {"title": "How", "narration": "Two of them decide together.", "image_prompt": "two gates", "slide": {"heading": "Two", "bullets": ["and", "or"], "code": null, "caption": ""}}]}'
mistaken='{"title": "Gates", "sections": [{"title": "Why", "narration": 7, "image_prompt": "a gate", "effects": "explode"}]}'

chat_config() {
    export OPENAI_API_KEY=test-key-3f8a
    cat >config.yaml <<YAML
providers:
  chat: openai-chat
  openai-chat: {base: "http://127.0.0.1:$port/v1", params: {model: gpt-6-luna}, price_1m_input_tokens: 10, price_1m_output_tokens: 100}
cache: {dir: "$dir/cache"}
YAML
}
draft() { # NAME EXIT-CODE OPTION...
    draft_name=$1 draft_code=$2
    shift 2
    run "$draft_name" "$draft_code" "$vidgen" draft "$@"
}

server_start "{\"key\": \"test-key-\", \"rules\": [{\"route\": \"chat\", \"say\": $good}]}"
chat_config

# ---------- right at once ----------

draft "a good answer" 0 "Gates and how they decide"
has "what was written" out "Gates-and-how-they-decide.json: 2 sections, about 0:04 of speech; 1 request, 0.0030 USD"
has "who was asked" out "asking openai-chat, gpt-6-luna"
run "it is right" 0 "$vidgen" check --strict Gates-and-how-they-decide.json
has "without a word" out "no problems"
run "it is canonical" 0 "$vidgen" fmt --check Gates-and-how-they-decide.json
same "what is null or empty is left out" '{"heading":"Two","bullets":["and","or"]}' "$(jq -c '.sections[1].slide' Gates-and-how-they-decide.json)"
same "one call" 1 "$(stat .routes.chat)"
draft "again into the same file" 2 "Gates and how they decide"
has "nothing is overwritten" out "is there already; -o names another file, --force replaces it"
same "and nothing asked" 1 "$(stat .routes.chat)"
draft "with force" 0 --force "Gates and how they decide"
has "from the cache" out "from the cache, nothing was paid"
draft "words without quotes" 0 -o other.json Gates and how they decide
same "the same question is not asked again" 1 "$(stat .routes.chat)"
draft "another number of sections" 3 -n 3 -o three.json "Gates and how they decide"
has "too few sections" out "3 sections were asked for, there are 2"
[ ! -e three.json ] || say_bad "a lesson that is not right was written"
same "asked, and mended twice" 4 "$(stat .routes.chat)"
draft "another version" 0 --again -f "Gates and how they decide"
same "it is asked for" 5 "$(stat .routes.chat)"
draft "a third version" 0 --again -f "Gates and how they decide"
same "each time" 6 "$(stat .routes.chat)"
draft "another language" 0 -l de -m 2 -o de.json "Gates and how they decide"
same "its tag" de "$(jq -r .language de.json)"
draft "to standard output" 0 -o - -q "Gates and how they decide"
same "a lesson" Gates "$(jq -r .title out)"
draft "for machines" 0 --json -f "Gates and how they decide"
same "an event" '{"event":"draft","file":"Gates-and-how-they-decide.json","sections":2,"requests":0}' "$(jq -c '{event, file, sections, requests}' out)"
run "the cache knows what was bought" 0 "$vidgen" cache verify

# ---------- mended ----------

server_script "{\"rules\": [{\"route\": \"chat\", \"times\": 1, \"say\": $mistaken}, {\"route\": \"chat\", \"times\": 1, \"say\": \"Of course! Here it is.\"}, {\"route\": \"chat\", \"say\": $good}]}"
asked=$(stat .routes.chat)
draft "bad twice, then good" 0 -v -o mended.json "Mended gates"
same "asked three times" $((asked + 3)) "$(stat .routes.chat)"
has "the first mistakes" out "to mend 2 mistakes (1 of 2)"
has "the second" out "to mend 1 mistake (2 of 2)"
run "it is right" 0 "$vidgen" check --strict mended.json
draft "bad twice, then good, again" 0 -f -o mended.json "Mended gates"
same "the second run asks nothing" $((asked + 3)) "$(stat .routes.chat)"

# ---------- never right ----------

server_script "{\"rules\": [{\"route\": \"chat\", \"say\": $mistaken}]}"
asked=$(stat .routes.chat)
draft "never right" 3 -o never.json "Endless gates"
same "asked three times, no more" $((asked + 3)) "$(stat .routes.chat)"
has "what is wrong" out '"explode": not an effect'
has "where the answer is" out "the last answer lies in never.answer.txt"
has "the answer" never.answer.txt '"explode"'
[ ! -e never.json ] || say_bad "a lesson that is not right was written"
echo mine >never.answer.txt
draft "never right, again" 3 -o never.json "Endless gates"
same "an older answer stays" mine "$(cat never.answer.txt)"
has "the next name" out "never.answer-2.txt"

# ---------- stopped ----------

server_script '{"latency_ms": {"chat": 60000}}'
asked=$(stat .routes.chat)
env --default-signal=INT "$vidgen" draft -o stopped.json "Stopped gates" >out-stopped 2>&1 </dev/null &
running=$!
until_true "the question is out" stat_is .routes.chat -gt "$asked"
kill -INT $running
until_true "the first Ctrl-C waits for what is paid" grep -q "stopping" out-stopped
kill -INT $running
wait $running
same "the second leaves" 130 $?
running=""
[ ! -e stopped.json ] || say_bad "something was written"
server_script "{\"rules\": [{\"route\": \"chat\", \"say\": $good}]}"
draft "the next run" 0 -o stopped.json "Stopped gates"
has "tells that it may be paid twice" out "it may be paid twice"

# ---------- what a model may not say ----------

hostile='{"title": "Gates", "sections": [{"narration": "It opens.", "image_prompt": "a gate", "image": "/etc/passwd", "slide": {"heading": "H", "svg": "../../x.svg"},
  "audio": "https://example.org/a.wav", "voice": {"provider": "exec"}, "video": "x.mp4"}], "music": {"file": "/etc/shadow"}, "output": {"file": "x"},
  "image": {"provider": "openai-image"}, "variables": {"a": "b"}}'
server_script "{\"rules\": [{\"route\": \"chat\", \"say\": $hostile}]}"
draft "files and providers" 0 -o hostile.json "Hostile gates"
has "they are told" out "sections[0].image"
has_not "no path" hostile.json etc
has_not "no address" hostile.json example.org
has_not "no provider" hostile.json provider
has_not "no diagram" hostile.json svg
run "the rest is a lesson" 0 "$vidgen" check --strict hostile.json

# ---------- refused, or nobody there ----------

server_script '{"rules": [{"route": "chat", "status": 401}]}'
draft "a refused key" 6 -o refused.json "Refused gates"
has "who refused it" out "openai-chat"
draft "an unknown provider" 3 -p openai-chatt -o x.json "Gates"
has "the nearest one" out 'did you mean '
draft "no topic" 2 "  "
draft "a language that is none" 2 -l ../x "Gates"
draft "no such directory" 8 -o nowhere/x.json "Gates"
asked=$(stat .requests)
draft "no money" 6 --max-cost 0 -o x.json "Costly gates"
same "a limit is kept" "$asked" "$(stat .requests)"
unset OPENAI_API_KEY
rm config.yaml
draft "nobody to ask" 3 -o x.json "Gates"
has "what to do" out "chat: ollama"
[ ! -e x.json ] || say_bad "something was written"
finish
