# --retry-failed: what the last run left without a film is tried again, and nothing else.
. "$(dirname "$0")/../support/whole.sh"
need curl jq

build() { # NAME EXIT ARGUMENTS...
    build_name=$1 build_want=$2
    shift 2
    run "$build_name" "$build_want" "$vidgen" build --json --set cache.dir="$dir/cache" -o films "$@"
}
ended() { grep '^{' out | jq -r 'select(.event == "lesson") | "\(.lesson) \(.state)"' | sort | paste -sd, -; }

server_start '{"key": "test-key-", "polls": 0, "rules": [{"route": "image", "match": "Odd picture 2", "status": 400, "body": {"error": {"message": "not this", "code": "moderation_blocked"}}}]}'
config openai-image openai-speech
mkdir lessons
lesson lessons/even.json 2 Even
lesson lessons/odd.json 2 Odd
lesson lessons/plain.json 2 Plain
run "nothing was run yet" 0 "$vidgen" build --set cache.dir="$dir/cache" -o films lessons --retry-failed
has "nothing was run yet" out "none of these lessons has failed"
build "one of three fails" 5 lessons
same "one of three fails" "even done,odd failed,plain done" "$(ended)"
rm films/even.mp4
server_script '{"key": "test-key-", "polls": 0}'
before=$(stat .paid)
build "what failed" 0 lessons --retry-failed
same "what failed alone is tried" "odd done" "$(ended)"
same "its other section is not bought again" 1 "$(($(stat .paid) - before))"
build "none is left" 0 lessons --retry-failed
same "none is left" "" "$(ended)"

# A run that ends before it has told of all of its lessons did not finish those.
build "all of them" 0 lessons
rm films/plain.mp4
journal=$(ls -d cache/runs/*.jsonl | tail -1)
grep -v '"event":"end"\|"event":"\(film\|lesson\)".*"lesson":"plain"' "$journal" >cut
cat cut >"$journal"
build "what a killed run left" 0 lessons --retry-failed
same "what a killed run left" "plain done" "$(ended)"

# A lesson that was not in that run has not failed in it.
lesson lessons/late.json 1 Late
rm films/plain.mp4
build "a run without the new one" 0 lessons/even.json lessons/odd.json lessons/plain.json
journal=$(ls -d cache/runs/*.jsonl | tail -1)
grep -v '"event":"end"\|"event":"\(film\|lesson\)".*"lesson":"plain"' "$journal" >cut
cat cut >"$journal"
rm films/plain.mp4
build "what that run was about" 0 lessons --retry-failed
same "what that run was about" "plain done" "$(ended)"
server_stop
finish
