# The command doctor: what is there is said, what is missing is told with what helps, and servers are asked without the key.
. "$(dirname "$0")/../support/whole.sh"
mkdir here # what is printed goes to a file "out", which is the name of the directory for videos
: >config.yaml

run "a machine that can make videos" 0 env -C here "$vidgen" doctor -c ../config.yaml
for part in tools fonts machine disk services; do has "each part is looked at" out "$part"; done
has "a small video was tried" out "renders and encodes"

export OPENAI_API_KEY=test-key-3f8a
cat >config.yaml <<'YAML'
providers:
  image: openai-image
  speech: elevenlabs
YAML
run "a provider that is named and has no key" 3 env -C here "$vidgen" doctor -c ../config.yaml
has "is a fault" out "elevenlabs is named in config.yaml and cannot be asked; it waits for the environment variable ELEVENLABS_API_KEY"
has "one with a key can be asked" out "openai-image can be asked, key in OPENAI_API_KEY"
has_not "a key is not shown" out test-key-3f8a
run "for machines" 3 env -C here "$vidgen" doctor -c ../config.yaml --json
same "each line is JSON" bad "$(jq -r .finding out | sort -u | head -1)"

run "a cache that cannot be" 3 env -C here "$vidgen" doctor -c ../config.yaml --set cache.dir=/dev/null/here
has "is told" out "the cache, /dev/null/here"

server_start '{}'
config openai-image openai-speech
run "a server that answers" 0 env -C here "$vidgen" doctor -c ../config.yaml --online
has "is reached" out "openai-image answers at http://127.0.0.1:$port/v1 (HTTP "
same "and nothing is bought" 0 "$(stat .paid)"
server_stop
run "a server that is gone" 3 env -C here "$vidgen" doctor -c ../config.yaml --online
has "is told" out "openai-speech: http://127.0.0.1:$port/v1: "
finish
