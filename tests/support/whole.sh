# whole.sh - what whole-program tests share: a directory of their own, the fake service, checks that name themselves
#
# Used as `. "$(dirname "$0")/../support/whole.sh"` first thing. Ends the script with 1 when a check was not so (say `finish` last).
set -u
whole_root=${ROOT:-$(cd "$(dirname "$0")/../.." && pwd)}
vidgen=${VIDGEN:-$whole_root/vidgen}
case ${BUILD:-build} in /*) whole_build=$BUILD ;; *) whole_build=$whole_root/${BUILD:-build} ;; esac
unset OPENAI_API_KEY ELEVENLABS_API_KEY REPLICATE_API_TOKEN
dir=$(mktemp -d "${TMPDIR:-/tmp}/vidgen-whole-XXXXXX") || exit 1
cd "$dir" || exit 1
export HOME="$dir" XDG_CONFIG_HOME="$dir/.config" XDG_CACHE_HOME="$dir/.cache" LC_ALL=C.UTF-8
bad=0 server="" running=""
trap 'for p in $running $server; do kill -9 "$p" 2>/dev/null; done; wait 2>/dev/null; cd /; rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM HUP

say_bad() { echo "not so: $1"; bad=1; }
same() { [ "$2" = "$3" ] || say_bad "$1: $3, want $2"; }              # NAME WANT GOT
at_most() { [ "$3" -le "$2" ] || say_bad "$1: $3, want at most $2"; } # NAME LIMIT GOT
has() { grep -qF -- "$3" "$2" || { say_bad "$1: no \"$3\" in:"; cat "$2"; }; }  # NAME FILE TEXT
has_not() { ! grep -qF -- "$3" "$2" || { say_bad "$1: \"$3\" in:"; cat "$2"; }; }
need() { for c in "$@"; do command -v "$c" >/dev/null 2>&1 || { echo "$c is not installed"; exit 77; }; done; }
finish() { exit $bad; }

# NAME, EXPECTED EXIT CODE, COMMAND...; what it printed is in ./out
run() {
    run_name=$1 run_want=$2
    shift 2
    timeout 60 "$@" >out 2>&1 </dev/null
    run_got=$?
    [ "$run_got" = "$run_want" ] || { say_bad "$run_name: exit code $run_got, want $run_want"; cat out; }
}

# ---------- the fake service ----------

# SCRIPT (JSON): sets $server and $port
server_start() {
    echo "$1" >script.json
    rm -f port
    "$whole_build/tools/fakeserver" --script script.json >port 2>&1 &
    server=$!
    until_true "the service starts" test -s port
    port=$(head -1 port)
}
server_stop() { kill -9 "$server" 2>/dev/null; wait "$server" 2>/dev/null; server=""; }
server_script() { curl -sS -o said -X POST --data-binary "$1" "http://127.0.0.1:$port/__script" && [ ! -s said ] || { say_bad "script:"; cat said; }; }
stats() { curl -sS "http://127.0.0.1:$port/__stats"; }
stat() { stats | jq -r "$1"; }                                        # .paid
stat_is() { [ "$(stat "$1")" "$2" "$3" ]; }                           # .paid -ge 3

# NAME COMMAND...: asks again until it is true, for 30 s at most
until_true() {
    until_name=$1 until_left=1500
    shift
    while ! "$@" >/dev/null 2>&1; do
        until_left=$((until_left - 1))
        [ "$until_left" -gt 0 ] || { echo "not so: $until_name, after 30 s"; cat out* 2>/dev/null; stats; exit 1; }
        sleep 0.02
    done
}

# IMAGE-PROVIDER SPEECH-PROVIDER: config.yaml that leads to the service, and keys
config() {
    export OPENAI_API_KEY=test-key-3f8a ELEVENLABS_API_KEY=test-key-9b1c REPLICATE_API_TOKEN=test-key-77d0
    cat >config.yaml <<YAML
providers:
  image: $1
  speech: $2
  openai-image: {base: "http://127.0.0.1:$port/v1", concurrency: 1000, price_image: 0.04}
  openai-speech: {base: "http://127.0.0.1:$port/v1", concurrency: 1000, price_1k_chars: 0.01}
  elevenlabs: {base: "http://127.0.0.1:$port", concurrency: 1000}
  replicate: {base: "http://127.0.0.1:$port/v1", rpm: 100000}
  replicate-video: {base: "http://127.0.0.1:$port/v1", rpm: 100000}
YAML
}

# FILE N PREFIX: a lesson of N short sections with pictures to be asked for
lesson() {
    {
        printf '{ "title": "%s", "video": { "width": 160, "height": 90, "fps": 25 }, "transition": { "type": "fade", "duration": 0.2 },\n' "$3"
        printf '  "sections": [\n'
        lesson_i=1
        while [ "$lesson_i" -le "$2" ]; do
            [ "$lesson_i" -eq 1 ] || printf ',\n'
            printf '    { "narration": "%s, part %d.", "image_prompt": "%s picture %d" }' "$3" "$lesson_i" "$3" "$lesson_i"
            lesson_i=$((lesson_i + 1))
        done
        printf ' ] }\n'
    } >"$1"
}

# CACHE: nothing that a dead process left, in the cache or beside the videos
is_tidy() {
    {
        ls "$1/tmp"
        ls "$1/locks" | grep -v -e '^gate$' -e '^ids$'
        for d in out* videos*; do [ ! -d "$d" ] || ls -A "$d" | grep '^\.'; done
    } >left
    if [ -s left ]; then cat left; return 1; fi
    rm -f left
}
