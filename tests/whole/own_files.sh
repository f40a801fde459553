# A user's own picture and recording become a section with captions at the recording's words.
set -eu
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT
ffmpeg -v error -f lavfi -i testsrc2=size=640x427 -frames:v 1 "$dir/a.jpg"
ffmpeg -v error -f lavfi -i "sine=440:d=0.5" -af "apad=pad_dur=0.3,aloop=loop=3:size=38400" "$dir/s.wav"
cat > "$dir/own.json" <<'J'
{ "title": "Own files", "video": { "width": 320, "height": 180 },
  "sections": [ { "image": "a.jpg", "audio": "s.wav", "narration": "One two three four." },
                { "image": "a.jpg", "audio": "s.wav" } ] }
J
"$VIDGEN" build "$dir/own.json" --set cache.dir="$dir/cache" -o "$dir/out" --quiet
grep -q 'One two three four' "$dir/out/own.srt"
grep -q -- '-->' "$dir/out/own.vtt"
# Another narration for the same recording gets words of its own.
sed -i 's/One two/Uno due/' "$dir/own.json"
"$VIDGEN" build "$dir/own.json" --set cache.dir="$dir/cache" -o "$dir/out" --quiet
grep -q 'Uno due three four' "$dir/out/own.srt"
