# Planned effects: asked once, validated, kept; rules plan where no model is there or its plan is of no use.
. "$(dirname "$0")/../support/whole.sh"
need curl jq ffprobe

# CHAT: config.yaml with this chat provider at the service
chat_config() {
    config openai-image openai-speech
    sed -i "s|^  image:|  chat: $1\n  openai-chat: {base: \"http://127.0.0.1:$port/v1\"}\n  image:|" config.yaml
}
# CACHE OPTION...: builds l.json
build() {
    build_cache=$1
    shift
    run "build into $build_cache" 0 "$vidgen" build -v --set cache.dir="$dir/$build_cache" --set encode.preset=draft "$@" l.json
}
planned() { # FILE: a lesson whose sections are all planned
    lesson "$1" 3 Wafer
    jq '.effects = "plan"' "$1" >"$1.new" && mv "$1.new" "$1"
}

server_start '{"key": "test-key-"}'
chat_config openai-chat
planned l.json
run "a lesson with plans is right" 0 "$vidgen" check --strict l.json
has_not "no complaint" out "E_NOT_YET"
run "what it would take" 0 "$vidgen" build -n --set cache.dir="$dir/dry" l.json
has "plans are counted as calls" out "9 calls"
same "a dry run asks nothing" 0 "$(stat .requests)"

build one -o out1
same "each section's plan is asked for" 3 "$(stat .routes.chat)"
has "what was planned, by whom and why" out 'l/section-01 effects: [{"type":"pan-left","amount":0.1}], by openai-chat: it leads the eye'
made=$(cksum <out1/l.mp4)
asked=$(stat .requests)
build one -o out1
has "a second run" out "up to date"
build one -o out2
same "later runs ask nothing" "$asked" "$(stat .requests)"
same "the same film" "$made" "$(cksum <out2/l.mp4)"

sed 's/Wafer, part 2\./Wafer, another second part./' l.json >m.json && mv m.json l.json
build one -o out1
same "one changed section asks for one plan" 4 "$(stat .routes.chat)"
rm -rf two
run "fetched first" 0 "$vidgen" fetch --set cache.dir="$dir/two" l.json
asked=$(stat .requests)
build two -o out3
same "a build after fetching asks nothing" "$asked" "$(stat .requests)"
run "a contact sheet" 0 "$vidgen" sheet -v --set cache.dir="$dir/two" -o sheets l.json
has "shows the planned effects" out "by openai-chat"

# ---------- plans of no use ----------

# NAME SAY WHAT-IS-SAID
useless() {
    server_script "{\"rules\": [{\"route\": \"chat\", \"say\": $2}]}"
    rm -rf bad outbad
    build bad -o outbad
    has "$1" out "$3"
    has "$1: rules take over" out "by the rule for \"opening\""
    same "$1: a film all the same" 160 "$(ffprobe -v error -select_streams v -show_entries stream=width -of csv=p=0 outbad/l.mp4)"
}
useless "an unknown effect" '{"why": "", "effects": [{"type": "explode"}]}' '"explode": not an effect'
useless "an option out of range" '{"why": "", "effects": [{"type": "zoom-in", "amount": 9}]}' "amount"
useless "an unknown option" '{"why": "", "effects": [{"type": "zoom-in", "file": "/etc/passwd"}]}' 'unknown key "file"'
useless "two moves at once" '{"why": "", "effects": [{"type": "zoom-in"}, {"type": "pan-left"}]}' "2 camera moves"
useless "an effect of the lesson's only" '{"why": "", "effects": [{"type": "plan"}]}' '"plan"'
useless "no list" '{"why": "", "effects": "zoom-in"}' "expected a list of effects"
asked=$(stat .requests)
build bad -o outbad
same "a plan of no use is kept, too" "$asked" "$(stat .requests)"
useless "no JSON" '"Let us zoom in."' "no JSON, line 1, column 1"

server_script '{"rules": [{"route": "chat", "status": 401}]}'
rm -rf bad
build bad -o outbad
has "a refused key" out "goes on without it"
has "a refused key: rules take over" out "by the rule for \"opening\""

# ---------- nobody to ask ----------

server_script '{}'
asked=$(stat .routes.chat)
chat_config rules
rm -rf bad
build bad -o outbad
same "rules ask nobody" "$asked" "$(stat .routes.chat)"
has "rules plan" out "l/section-03 effects:"
made=$(cksum <outbad/l.mp4)
rm -rf bad outbad
build bad -j 1 -o outbad
same "the rules' plan is the same at each run" "$made" "$(cksum <outbad/l.mp4)"
unset OPENAI_API_KEY
chat_config auto
unset OPENAI_API_KEY
run "no key at all" 0 "$vidgen" build -v --image slide --speech espeak --set cache.dir="$dir/free" -o outfree l.json
has "rules plan for slides" out "by the rule for"
chat_config openai-chatt
run "a mistyped provider" 3 "$vidgen" build --set cache.dir="$dir/free" -o outfree l.json
has "the nearest one" out 'no chat provider is called "openai-chatt"; did you mean '
finish
