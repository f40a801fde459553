# One asset had anew: one call, the new one stays, the old one lies in the cache, and only what shows it is made again.
. "$(dirname "$0")/../support/whole.sh"
need curl jq

build() { # NAME EXIT ARGUMENTS...
    build_name=$1 build_want=$2
    shift 2
    before=$(stat .paid)
    run "$build_name" "$build_want" "$vidgen" build --json --set cache.dir="$dir/cache" -o films "$@"
    calls=$(($(stat .paid) - before))
}
state() { grep '^{' out | jq -r 'select(.event == "lesson").state' | paste -sd, -; }
made() { grep '^{' out | jq -r "select(.event == \"node\" and .state == \"running\") | \"\\(.section // \"\") \\(.step)\"" | sed 's/^ //' | sort | paste -sd, -; }

server_start '{"key": "test-key-", "polls": 0}'
again() { server_script "{\"key\": \"test-key-\", \"polls\": 0, \"version\": $1}"; }
config openai-image openai-speech
lesson l.json 3 Wafer
cp l.json other.json
build "two lessons of the same" 0 l.json other.json
same "bought once" 6 "$calls"
kept=$(find cache/blobs -type f | wc -l)

again 1
build "one picture anew" 0 l.json --refresh image --section 2
same "one picture anew" 1 "$calls"
same "the film is made again" done "$(state)"
same "its section and what leads to the next are drawn, no more" "1 image,1 render,1 transition,2 transition,join" "$(made)"
at_most "the old picture is still there" "$(find cache/blobs -type f | wc -l)" $((kept + 1))
build "the film after that" 0 l.json
same "the film after that" "0 cached" "$calls $(state)"
build "who shows the same picture is made again, too" 0 other.json
same "who shows the same picture is made again, too" "0 done" "$calls $(state)"
build "and is up to date then" 0 other.json
same "and is up to date then" "0 cached" "$calls $(state)"

again 2
build "the voice anew" 0 l.json --refresh audio --section 1
same "the voice anew" "1 done" "$calls $(state)"
again 3
build "the picture once more" 0 l.json --refresh image --section 2
same "the picture once more" "1 done" "$calls $(state)"
same "three pictures of that section were kept" 2 "$(cat cache/blobs/*/*.json | jq -c 'select(.roll and .kind == "image").roll' | wc -l)"

film=$(cksum <films/l.mp4)

# The choice is in the cache itself: a ledger that is made anew from it knows it.
rm -f cache/ledger.sqlite*
build "without the ledger" 0 l.json
same "without the ledger" 0 "$calls"
build "without the ledger, by force" 0 l.json --force
same "without the ledger, by force" 0 "$calls"
same "the newest is used" "$film" "$(cksum <films/l.mp4)"

# A call that fails leaves what was chosen before.
server_script '{"key": "test-key-", "polls": 0, "rules": [{"route": "image", "status": 400, "body": {"error": {"message": "not this", "code": "moderation_blocked"}}}]}'
build "a picture that is refused" 5 l.json --refresh image --section 3
server_script '{"key": "test-key-", "polls": 0}'
build "after the refusal" 0 l.json
same "after the refusal" 0 "$calls"

# Nobody else is asked in its place: the next run would not use that.
server_script '{"key": "test-key-", "polls": 0, "rules": [{"route": "image", "status": 400, "body": {"error": {"message": "not this", "code": "moderation_blocked"}}}]}'
build "refused, and there is another provider" 5 l.json --image openai-image,replicate --refresh image --section 3
same "refused, and there is another provider" 0 "$calls"
has "refused, and there is another provider" out "the old one stays in use"
server_script '{"key": "test-key-", "polls": 0}'
build "and the old one is used" 0 l.json
same "and the old one is used" 0 "$calls"

# A plan tells it; nothing is meant that is not bought.
run "a plan" 0 "$vidgen" plan --json --set cache.dir="$dir/cache" l.json --refresh image --section 3
same "a plan" 1 "$(jq .total.calls out)"
run "no such section" 2 "$vidgen" build l.json --refresh image --section 9
has "no such section" out "no section is meant by \"9\": there are 3"
run "several" 2 "$vidgen" build l.json --refresh image --section 1-2
has "several" out "means 2 sections"
run "two lessons" 2 "$vidgen" build l.json other.json --refresh image --section 1
has "two lessons" out "name one lesson"
run "what" 2 "$vidgen" build l.json --refresh mood --section 1
has "what" out "expected image, audio or video"
run "of which" 2 "$vidgen" build l.json --refresh image
has "of which" out "go together"
run "no clip" 2 "$vidgen" build l.json --refresh video --section 1
has "no clip" out "buys no clip"
run "made here" 2 "$vidgen" build l.json --speech espeak --refresh audio --section 1
has "made here" out "made here"
server_stop
finish
