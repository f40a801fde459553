# The command provider: descriptions are shown as requests without the key, and one real call is made only when told so.
set -u
. "$(dirname "$0")/../support/expect.sh"
vidgen=${VIDGEN:-$PWD/vidgen}
build=${BUILD:-build}
case $build in /*) ;; *) build=$PWD/$build ;; esac
dir=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$dir"' EXIT
cd "$dir" || exit 1
export HOME="$dir" XDG_CONFIG_HOME="$dir/.config" LC_ALL=C
unset OPENAI_API_KEY AZURE_OPENAI_API_KEY AUTOMATIC1111_AUTH 2>/dev/null

for p in $("$vidgen" list providers | awk '!/built in:/ { print $1 }'); do
    expect "check $p" 0 "curl -X" "$vidgen" provider check "$p"
    sh -n out || say_bad "check $p: no shell command"
done

export OPENAI_API_KEY=sk-secret-0123456789
expect "the key stands there by its name" 0 'Authorization: Bearer $OPENAI_API_KEY"' "$vidgen" provider check openai-image
! grep -q sk-secret out || say_bad "the key is not shown"
expect "the text can be chosen" 0 "it'\\''s" "$vidgen" provider check openai-image --text "it's"
expect "a mistyped name" 3 "did you mean 'openai-image'?" "$vidgen" provider check openai-imag
expect "no action" 2 "check or try" "$vidgen" provider
expect "no name" 2 "check needs the name" "$vidgen" provider check
expect "what is missing is named" 6 "set providers.azure-image.params.resource in config.yaml and the environment variable AZURE_OPENAI_API_KEY" \
    "$vidgen" provider try azure-image
expect "list shows what waits" 0 "waits for the environment variable BFL_API_KEY" "$vidgen" list providers
expect "list shows keys that are there" 0 "ready, key in OPENAI_API_KEY" "$vidgen" list providers
expect "list shows where" 0 "http://127.0.0.1:8188" "$vidgen" list providers

mkdir providers
printf 'id: mine\nextends: openai-image\n' >other.yaml
expect "a file of another id" 3 "belongs into a file of that name" "$vidgen" provider check other.yaml
printf 'id: wrong\nextends: openai-image\nerorrs: []\n' >wrong.yaml
expect "a mistake has its place" 3 "wrong.yaml:3:1: unknown key 'erorrs'; did you mean 'errors'?" "$vidgen" provider check ./wrong.yaml
printf 'id: mine\nextends: openai-image\nbase: https://mine.example/v1\n' >providers/mine.yaml
: >config.yaml
expect "a file of one's own" 0 "https://mine.example/v1/images/generations" "$vidgen" provider check providers/mine.yaml
expect "its name" 0 "https://mine.example/v1/images/generations" "$vidgen" provider check mine
expect "a file that stands in for a shipped one" 0 "https://elsewhere.example/images/generations" sh -c '
    printf "id: openai-image\nextends: openai-image\nbase: https://elsewhere.example\n" >openai-image.yaml && "$1" provider check ./openai-image.yaml' sh "$vidgen"

"$build/tools/fakeserver" >port 2>&1 &
server=$!
n=0
while [ ! -s port ] && [ $n -lt 100 ]; do sleep 0.05; n=$((n + 1)); done
port=$(head -1 port)
printf 'providers:\n  openai-image: {base: "http://127.0.0.1:%s/v1", price_image: 0.04}\n  openai-speech: {base: "http://127.0.0.1:%s/v1"}\n' "$port" "$port" >config.yaml
expect "nothing is sent unasked" 2 "nothing was sent; --yes sends it" "$vidgen" provider try openai-image
[ "$(ls ./*.png 2>/dev/null)" = "" ] || say_bad "no file without --yes"
expect "one call" 0 "openai-image.png: " "$vidgen" provider try openai-image --yes
expect "the next one overwrites nothing" 0 "openai-image-2.png: " "$vidgen" provider try openai-image --yes
expect "a name of one's own" 0 "out.wav: " "$vidgen" provider try openai-speech -y -o out.wav
[ "$(head -c 4 out.wav)" = RIFF ] || say_bad "out.wav is a WAV"
[ "$(ls -A | grep -c vidgen-try)" = 0 ] || say_bad "nothing is left behind"
printf 'providers:\n  openai-image: {base: "http://127.0.0.1:1"}\n' >config.yaml
expect "an error names the provider" 5 "openai-image: 127.0.0.1:1: " "$vidgen" provider try openai-image --yes
exit $bad
