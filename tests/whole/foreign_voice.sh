# A lesson made for a remote voice is spoken by the built-in one when no key is set, and the person is told once.
set -eu
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT
cat > "$dir/l.json" <<'J'
{ "title": "Voice", "voice": { "voice": "alloy" }, "video": { "width": 160, "height": 90 },
  "sections": [ { "narration": "One.", "image_prompt": "x" }, { "narration": "Two.", "image_prompt": "y" } ] }
J
"$VIDGEN" build "$dir/l.json" --set cache.dir="$dir/cache" -o "$dir/out" 2>"$dir/log"
test "$(grep -c 'no voice "alloy"' "$dir/log")" = 1
test -s "$dir/out/l.mp4"
