# Faults: what services do wrong is told with provider, section and reason; the other lessons finish; nothing is bought twice.
. "$(dirname "$0")/../support/whole.sh"
need curl jq

server_start '{"key": "test-key-", "polls": 0, "rules": [
    {"route": "image", "match": "Cut picture 2", "fault": "truncated"},
    {"route": "image", "match": "Page picture 1", "fault": "html"},
    {"route": "speech", "match": "Page, part 2", "fault": "html"},
    {"route": "speech", "match": "Mute, part 1", "fault": "empty"},
    {"route": "image", "match": "Shaky picture 1", "times": 1, "status": 500},
    {"route": "speech", "match": "Shaky, part 2", "times": 1, "status": 503, "headers": {"Retry-After": "1"}},
    {"route": "image", "match": "Bad picture 2", "status": 400, "body": {"error": {"message": "refused by the safety system", "code": "moderation_blocked"}}},
    {"route": "replicate", "status": 429, "headers": {"Retry-After": "0"}, "body": {"detail": "slow down"}},
    {"route": "elevenlabs", "status": 401, "body": {"detail": {"status": "invalid_api_key", "message": "Invalid API key"}}} ]}'
config openai-image openai-speech
for name in Good Cut Page Mute Shaky Bad; do lesson "$name.json" 2 "$name"; done
lesson Storm.json 2 Storm && sed -i 's/"video"/"image": { "provider": "replicate" }, "video"/' Storm.json
lesson Locked.json 2 Locked && sed -i 's/"video"/"voice": { "provider": "elevenlabs" }, "video"/' Locked.json
build() { name=$1 code=$2; shift 2; run "$name" "$code" "$vidgen" build --set limits.attempts=2 --set limits.refused_ms=1000 -o videos "$@"; }
# LESSON/SECTION AND STEP, PROVIDER, REASON: on one line of ./out
told() {
    grep -F "$1" out | grep -F "$2" | grep -qF -- "$3" || { say_bad "\"$1\", \"$2\" and \"$3\" on one line of:"; cat out; }
}
made() { for f; do [ -s "videos/$f.mp4" ] || say_bad "$f finished"; done; }
not_made() { for f; do [ ! -e "videos/$f.mp4" ] || say_bad "$f has no film"; done; }

build "a picture that is cut off" 4 Cut.json
told "Cut/2 image: failed" "openai-image" "PNG is truncated"
build "answers that are none" 5 Page.json Mute.json Good.json
told "Page/2 speech: failed: openai-speech" "html instead of speech" "--retry-lost"
told "Page/1 image: failed: openai-image" "something that is not JSON" "--retry-lost"
told "Mute/1 speech: failed: openai-speech" "answered with nothing" "--retry-lost"
made Good
not_made Cut Page Mute
[ "$(ls -A "$XDG_CACHE_HOME/vidgen/quarantine" | wc -l)" -gt 0 ] || say_bad "what was paid for and is broken is kept for a look"

build "refusals" 5 Storm.json Bad.json Shaky.json Good.json
told "Storm/" "replicate" "slow down"
told "Storm/" "replicate" "still refused after all retries"
told "Bad/2 image: failed" "openai-image" "refused by the safety system"
told "Shaky/1 image" "openai-image" "again in"
told "Shaky/2 speech" "openai-speech" "again in"
made Shaky
not_made Storm Bad

asked=$(stat '.routes.elevenlabs')
build "a key that is not taken" 6 Locked.json Good.json
told "Locked/" "speech: failed" "elevenlabs" "401"
told "Locked/" "1 more failed for the same reason" "elevenlabs" "401"
at_most "calls with a key that is not taken" 2 "$(($(stat '.routes.elevenlabs') - asked))"
not_made Locked

same "JSON names them too" "Bad 1 policy" "$("$vidgen" build --json -o videos Bad.json | jq -r 'select(.event == "node" and .state == "failed" and .step == "image") | [.lesson, .section, .code] | join(" ")')"

# The service is well again: only what is missing is asked for.
sold=$(stat .paid)
server_script '{"key": "test-key-", "polls": 0}'
build "when all is well again" 0 Good.json Cut.json Page.json Mute.json Shaky.json Bad.json Storm.json Locked.json
made Good Cut Page Mute Shaky Bad Storm Locked
same "bought in all" 32 "$(stat .paid)"
same "bought twice" 0 "$(stat .paid_twice)"
[ "$sold" -ge 22 ] || say_bad "what the broken lessons had bought was kept: $sold of 32 before the last run"
is_tidy "$XDG_CACHE_HOME/vidgen" || say_bad "nothing is left over in the cache"
finish
