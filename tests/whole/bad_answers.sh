# Bad answers: each way a service can answer wrongly is told with lesson and section, provider, reason and remedy, and is not bought twice.
. "$(dirname "$0")/../support/whole.sh"
need curl jq

# NAME PROVIDER-OF-PICTURES: a lesson of one section whose picture is asked for; its speech is made here
picture() {
    printf '{ "title": "%s", "voice": { "provider": "espeak" }, "image": { "provider": "%s" }, "sections": [ { "narration": "Hello.", "image_prompt": "%s picture" } ] }\n' \
        "$1" "$2" "$1" >"$1.json"
}
# NAME PROVIDER: the same of one that is spoken there
spoken() {
    printf '{ "title": "%s", "voice": { "provider": "%s" }, "sections": [ { "narration": "%s speaks.", "background": "#102030" } ] }\n' "$1" "$2" "$1" >"$1.json"
}
fetch() { name=$1 code=$2; shift 2; run "$name" "$code" "$vidgen" fetch --set limits.attempts=2 --set limits.answer_bytes="2 MiB" --set limits.media_bytes="2 MiB" --set limits.request_ms=2000 "$@"; }
# LESSON PROVIDER REASON REMEDY: on one line of ./out that says "failed"
told() {
    grep -F "$1/1 " out | grep -F "failed" | grep -F "$2" | grep -F -- "$3" | grep -qF -- "$4" || { say_bad "\"$1/1\", \"$2\", \"$3\" and \"$4\" on one line of:"; cat out; }
}

# ---------- one answer, at once ----------
server_start '{"key": "test-key-", "rules": [
    {"match": "Refused", "fault": "refusal"},
    {"match": "Teapot", "status": 418, "body": {"error": {"message": "short and stout"}}},
    {"match": "Odd", "status": 299, "body": {"what": "is this"}},
    {"match": "Huge", "fault": "endless"},
    {"match": "Short", "fault": "short"},
    {"match": "Dripping", "fault": "drip"},
    {"match": "Hanging", "fault": "hang"},
    {"match": "Lying", "fault": "html"},
    {"match": "Noise", "fault": "garbage"},
    {"match": "Away", "status": 302, "headers": {"Location": "https://elsewhere.example/x?key=1"}} ]}'
config openai-image openai-speech
for n in Refused Teapot Odd Huge1 Short1 Dripping1 Hanging1 Lying1 Away; do picture $n openai-image; done
for n in Huge2 Short2 Dripping2 Lying2 Noise; do spoken $n openai-speech; done
fetch "one answer, at once" 5 Refused.json Teapot.json Odd.json Huge1.json Short1.json Dripping1.json Hanging1.json Lying1.json Away.json \
    Huge2.json Short2.json Dripping2.json Lying2.json Noise.json
lost="--retry-lost"
told Refused openai-image "refused by the safety system" "other words may pass"
told Teapot openai-image "HTTP 418" "short and stout"
told Odd openai-image "no result at /data/0/b64_json" "$lost"
told Huge1 openai-image "more than 2097152 bytes" "limits.answer_bytes"
told Huge2 openai-speech "more than 2097152 bytes" "limits.media_bytes"
told Short1 openai-image "ended the answer early" "$lost"
told Short2 openai-speech "ended the answer early" "$lost"
told Dripping1 openai-image "timed out" "$lost"
told Dripping2 openai-speech "timed out" "$lost"
told Hanging1 openai-image "timed out" "$lost"
told Lying1 openai-image "Bad gateway" "$lost"
told Lying2 openai-speech "html instead of speech" "$lost"
told Noise openai-speech "speech was expected" "nothing known"
told Away openai-image "HTTP 302 to https://elsewhere.example/x?..." "name it as base in config.yaml"
same "what may be paid is asked for once" 14 "$(stat '.routes.image + .routes.speech')"

# ---------- accounts: nothing more is sent ----------
# STATUS BODY PROVIDER REASON REMEDY
account() {
    server_script "{\"rules\": [{\"status\": $1, \"body\": $2}]}"
    asked=$(stat .requests)
    if [ "$3" = elevenlabs ]; then spoken "Account" "$3"; else picture "Account" "$3"; fi
    fetch "$3 answers $1" 6 Account.json
    told Account "$3" "HTTP $1: $4" "$5"
    same "$3 answered $1 once" 1 "$(($(stat .requests) - asked))"
}
account 401 '{"detail": {"status": "quota_exceeded", "message": "no credits"}}' elevenlabs "no credits" "no money or quota left"
account 402 '{"detail": "Insufficient credit"}' replicate "Insufficient credit" "no money or quota left"
account 429 '{"error": {"type": "insufficient_quota", "message": "pay first"}}' openai-image "pay first" "no money or quota left"
account 401 '{"error": {"message": "bad key"}}' openai-image "bad key" "is the key in OPENAI_API_KEY the right one?"

# ---------- jobs that are polled ----------
mkdir -p providers
printf 'extends: replicate\npoll: {every: 10ms, timeout: 200ms}\n' >providers/replicate.yaml
# NAME RULES CODE REASON REMEDY
job() {
    server_script "{\"polls\": ${6:-1}, \"rules\": [$2]}"
    picture "$1" replicate
    fetch "$1" "$3" "$1.json"
    told "$1" replicate "$4" "$5"
}
job Endless '' 5 "not ready after" "a later run asks again" 1000000
job Unclear '{"route": "poll", "body": {"status": "pondering"}}' 5 "not ready after" "a later run asks again"
job Private '{"route": "poll", "body": {"status": "succeeded", "output": ["http://169.254.169.254/latest/x.png"]}}' 3 "169.254.169.254" "config.yaml"
job Intranet '{"route": "poll", "body": {"status": "succeeded", "output": ["https://192.168.1.1/x.png"]}}' 3 "192.168.1.1 is not a public host" "config.yaml does not name it"
job Redirected '{"route": "media", "status": 302, "headers": {"Location": "http://10.0.0.1/x.png"}}' 3 "10.0.0.1" "config.yaml"
job Bounced '{"route": "media", "status": 302, "headers": {"Location": "/media/0"}}' 3 "HTTP 302" "config.yaml"
same "keys sent where they do not belong" 0 "$(stat .key_leaks)"

# The job that was never ready is still known: the next run takes its picture and pays nothing.
server_script '{"polls": 1}'
rm -rf providers
sold=$(stat .routes.replicate)
fetch "the next run" 0 Endless.json
same "bought again" "$sold" "$(stat .routes.replicate)"
finish
