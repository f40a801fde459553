# Pictures, recordings and clips named by their address are got once, without a key, and never out of a private network.
. "$(dirname "$0")/../support/whole.sh"
need curl jq

# IMAGE AUDIO VIDEO: a lesson of two sections
linked() {
    cat >linked.json <<JSON
{ "title": "Linked", "video": { "width": 160, "height": 90 },
  "sections": [ { "image": "$1", "audio": "$2", "narration": "One two three." },
                { "video": "$3", "duration": 1 } ] }
JSON
}

server_start '{}'
config slide espeak
at="http://127.0.0.1:$port/media/files"
for kind in image speech video; do echo "  web-$kind: {base: \"http://127.0.0.1:$port\"}" >>config.yaml; done
linked "$at/a.png" "$at/b.wav" "$at/c.mp4"

run "a plan of addresses costs nothing" 0 "$vidgen" plan --json linked.json
same "and says so" 0 "$(jq -s 'map(.cost // 0) | add' out)"
run "addresses become a video" 0 "$vidgen" build linked.json -o films -q
has "with captions at the recording's words" films/linked.srt "One two three."
same "each is got once" 3 "$(stat .routes.media)"
same "without a key" 0 "$(stat .key_leaks)"
run "a second build" 0 "$vidgen" build linked.json -o films -q --force
same "gets nothing" 3 "$(stat .routes.media)"
sed -i 's/One two three/Uno due tre/' linked.json
run "other words for the recording" 0 "$vidgen" build linked.json -o films -q
has "are found in it" films/linked.srt "Uno due tre."

server_script '{"rules": [{"match": "gone.png", "status": 404, "body": "not here"},
                          {"match": "broken.png", "fault": "reset", "times": 1},
                          {"match": "moved.png", "status": 302, "headers": {"Location": "/media/files/there.png"}},
                          {"match": "trap.png", "status": 302, "headers": {"Location": "http://127.0.0.2:1/secret"}}]}'
linked "$at/gone.png" "$at/b.wav" "$at/c.mp4"
run "an address where nothing is" 5 "$vidgen" build linked.json -o films
has "is told with its section" out "linked/1"
has "and the reason" out "HTTP 404"
linked "$at/broken.png" "$at/b.wav" "$at/c.mp4"
run "an answer that broke off is asked for again" 0 "$vidgen" build linked.json -o films -q
linked "$at/moved.png" "$at/b.wav" "$at/c.mp4"
run "a file that moved is followed" 0 "$vidgen" build linked.json -o films -q
linked "$at/trap.png" "$at/b.wav" "$at/c.mp4"
run "but not into the private network" 3 "$vidgen" build linked.json -o films
has "which is told" out "127.0.0.2"

: >config.yaml
linked "http://127.0.0.1:$port/media/files/d.png" "$at/b.wav" "$at/c.mp4"
asked=$(stat .requests)
run "a private address that config.yaml does not name" 3 "$vidgen" build linked.json -o films
has "is refused" out "plain http to 127.0.0.1"
same "before anything is sent" "$asked" "$(stat .requests)"
finish
