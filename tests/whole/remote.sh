# Remote: pictures and speech from four services; a second run asks for nothing; the cap holds; keys show nowhere.
. "$(dirname "$0")/../support/whole.sh"
need curl jq ffprobe

keys_are_secret() {
    grep -rlF -e test-key- "$dir" --exclude=script.json 2>/dev/null >found
    [ ! -s found ] || say_bad "$1: a key stands in $(cat found)"
}

# IMAGE SPEECH ROUTE-OF-IMAGES ROUTE-OF-SPEECH
check_pair() {
    server_start '{"cap": 3, "key": "test-key-", "polls": 0, "latency_ms": {"image": 60, "speech": 40, "elevenlabs": 40, "replicate": 30}}'
    config "$1" "$2"
    lesson l.json 4 Wafer
    run "$1 and $2" 0 "$vidgen" build -v -v --set workers.requests=3 --set cache.dir="$dir/cache-$1" -o "out-$1" l.json
    cp out "log-$1"
    same "$1 and $2: sold" 8 "$(stat .paid)"
    same "$1: pictures" 4 "$(stat ".routes[\"$3\"]")"
    same "$2: narrations" 4 "$(stat ".routes[\"$4\"]")"
    same "$1 and $2: over the cap" 0 "$(stat .violations)"
    same "$1 and $2: most in flight" 3 "$(stat .max_in_flight)"
    same "$1 and $2: calls without a key" 0 "$(stat .unauthorized)"
    same "$1 and $2: keys sent where they do not belong" 0 "$(stat .key_leaks)"
    has "$1: who made it" out "l/1 image: done by $1"
    has "$2: who made it" out "l/1 speech: done by $2"
    same "$1 and $2: a video" 160 "$(ffprobe -v error -select_streams v -show_entries stream=width -of csv=p=0 "out-$1/l.mp4")"
    asked=$(stat .requests) made=$(cksum <"out-$1/l.mp4")
    run "$1 and $2 again" 0 "$vidgen" build --set cache.dir="$dir/cache-$1" -o "out-$1" l.json
    has "$1 and $2 again" out "up to date"
    run "$1 and $2 into another directory" 0 "$vidgen" build --set cache.dir="$dir/cache-$1" -o "again-$1" l.json
    same "$1 and $2: calls of later runs" "$asked" "$(stat .requests)"
    same "$1 and $2: the same film" "$made" "$(cksum <"again-$1/l.mp4")"
    run "the cache is whole" 0 "$vidgen" cache verify --set cache.dir="$dir/cache-$1"
    run "the cache counts calls" 0 "$vidgen" cache stats --set cache.dir="$dir/cache-$1"
    has "the cache counts calls" out "8 calls"
    is_tidy "$dir/cache-$1" || say_bad "$1 and $2: something is left over in the cache"
    server_stop
    rm -f config.yaml
}
check_pair openai-image openai-speech image speech
check_pair replicate elevenlabs replicate elevenlabs

# A refused key is shown to nobody either; the service repeats what it was sent.
server_start '{"rules": [{"route": ["image", "speech"], "status": 401, "body": {"error": {"message": "Incorrect API key provided: test-key-3f8a"}}}]}'
config openai-image openai-speech
run "a refused key" 6 "$vidgen" build -v -v --json --set cache.dir="$dir/cache-refused" -o refused l.json
cp out log-refused
run "a refused key, told to a person" 6 "$vidgen" build -v --set cache.dir="$dir/cache-refused" -o refused l.json
has "who refused it" out "openai-image"
cp out log-refused2
keys_are_secret "after everything"

# Few open files: fewer requests at once, told, and everything comes.
server_script '{"latency_ms": {"image": 30, "speech": 30}}'
lesson many.json 20 Many
run "few open files" 0 sh -c 'ulimit -n 128 && exec "$@"' sh "$vidgen" fetch --set workers.requests=64 --set workers.render=2 --set cache.dir="$dir/cache-few" many.json
has "the cap is reduced" out "64 at once would need 208 open files, and 128 are allowed; going on with 24"
server_script '{}'

# Without the variable, nothing is asked and the variable is named.
asked=$(stat .requests)
unset OPENAI_API_KEY
rm config.yaml
run "no key" 6 "$vidgen" build --speech espeak --image openai-image --set cache.dir="$dir/cache-none" -o none l.json
has "the variable is named" out "OPENAI_API_KEY"
same "calls without a key" "$asked" "$(stat .requests)"
finish
