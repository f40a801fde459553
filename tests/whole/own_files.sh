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
# A picture that was cut, is far too large or is none at all is told by its name, with what would help; nothing is left under the final name.
head -c 3000 "$dir/a.jpg" > "$dir/cut.jpg"
printf '\211PNG\r\n\032\n\0\0\0\015IHDR\0\0\116\040\0\0\116\040\010\002\0\0\0\0\0\0\0\0\0\0\0IEND\0\0\0\0' > "$dir/huge.png"
echo "not yet drawn" > "$dir/text.png"
for one in 'cut.jpg truncated please' 'huge.png 20000.x.20000.px.is.too.large please.scale.it.down' 'text.png text,.not.media please'; do
    set -- $one
    echo "{ \"title\": \"Bad\", \"sections\": [ { \"narration\": \"One.\", \"image\": \"$1\" } ] }" > "$dir/bad.json"
    ! "$VIDGEN" build "$dir/bad.json" --set cache.dir="$dir/cache" -o "$dir/bad" --quiet 2> "$dir/told" || { echo "$1 was taken"; exit 1; }
    grep "$1" "$dir/told" | grep "$2" | grep -q "$3" || { echo "of $1:"; cat "$dir/told"; exit 1; }
    [ ! -e "$dir/bad/bad.mp4" ] || { echo "a film of $1"; exit 1; }
done
