#!/bin/sh
# report.sh - after a batch a page lies beside the videos; `vidgen report` makes it again; foreign text stays text; nothing is loaded
. "$(dirname "$0")/../support/whole.sh"
need jq openssl
server_start '{"rules": [{"route": "image", "match": "picture 2", "times": 1, "status": 429, "headers": {"Retry-After": "0"}, "body": {}},
  {"route": "image", "match": "Broken picture 1", "times": -1, "status": 400, "body": {"error": {"message": "refused </script><script>alert(2)</script>"}}}]}'
config openai-image openai-speech
holds() { grep -qF -- "$3" "$2" || say_bad "$1: no \"$3\" in $2"; }     # as has, of a page: it is long
lesson one.json 3 Wafer
lesson two.json 2 Etch
lesson broken.json 2 Broken
jq '.title = "<img src=x onerror=alert(1)> & \"quotes\"" | .sections[0].title = "</script><script>alert(3)</script>"' one.json >o && mv o one.json

run "a single lesson has no page" 0 "$vidgen" build -o single two.json
same "no page" "" "$(ls single | grep html)"
run "unless it is wanted" 0 "$vidgen" build -o single --report always two.json
[ -s single/report.html ] || say_bad "a page for one lesson"

run "a batch with a lesson that fails" 5 "$vidgen" build -o out1 --set workers.requests=3 one.json two.json broken.json
has "its page is named" out "report: out1/report.html"
p=out1/report.html
holds "where it may load from" $p "default-src 'none'"
holds "the title is text" $p "&lt;img src=x onerror=alert(1)&gt; &amp; &quot;quotes&quot;"
same "no script but our own" 2 "$(grep -c '<script' $p)"
! grep -qF "<img src=x" $p || say_bad "an attribute of theirs"
holds "the video is beside it" $p 'src="two.mp4"'
holds "a picture for each section" $p 'data:image/jpeg;base64,/9j/'
same "of all five that are made" 5 "$(grep -o 'data:image/jpeg' $p | wc -l)"
holds "what failed and why" $p "broken, section 1, image"
holds "what was refused" $p "tried again"
same "nothing from elsewhere" "" "$(grep -oE '(src|href)="https?:' $p)"
for kind in style script; do
    want=$(awk -v k="$kind" '$0 ~ "^<" k ">" { on = 1; sub("^<" k ">", "") } on { if ($0 ~ "^</" k ">") exit; print }' $p | openssl dgst -sha256 -binary | base64)
    holds "the policy knows the $kind" $p "$kind-src 'sha256-$want'"
done

"$vidgen" report --json >data.json 2>err || say_bad "report --json"
same "lessons" 3 "$(jq '.lessons | length' data.json)"
same "requests in slots" true "$(jq '(.spans.requests | length) > 8 and all(.spans.requests[]; .[0] < 3 and .[2] >= .[1])' data.json)"
same "a failure" 1 "$(jq '.summary.failures | length' data.json)"
same "what was paid" true "$(jq '[.summary.calls[].cost] | add > 0.1' data.json)"

cp $p before.html && rm $p
run "again" 0 "$vidgen" report
same "its path" "$PWD/$p" "$(tail -1 out)"
cmp -s before.html $p || say_bad "the same page"
run "elsewhere" 0 "$vidgen" report -o other.html
holds "the video is found from there" other.html 'src="out1/two.mp4"'
run "the runs" 0 "$vidgen" report --list
same "three runs" 3 "$(wc -l <out)"
run "no such run" 2 "$vidgen" report 1999

run "never" 5 "$vidgen" build -o out2 --report never one.json two.json broken.json
same "no page" "" "$(ls out2 | grep html)"
rm broken.json
run "good lessons" 0 "$vidgen" build -o out1 one.json two.json
rm -f out1/report.html
run "all is up to date" 0 "$vidgen" build -o out1 one.json two.json
same "pictures of films that were not looked at" 5 "$(grep -o 'data:image/jpeg' $p | wc -l)"
touch -d '2020-01-01' $p
run "all is up to date, and the page is there" 0 "$vidgen" build -o out1 one.json two.json
same "it stays" 2020 "$(command stat -c %y $p | cut -c1-4)"

head -c 5000 "$(grep -l '"lesson":"broken"' .cache/vidgen/runs/*.jsonl | head -1)" >torn.jsonl
run "a journal that ends inside a line" 0 "$vidgen" report -o torn.html torn.jsonl
holds "that is told" torn.html "ended before it was done"
cat >heard.jsonl <<'TEXT'
{"event":"run","version":1,"program":"0","command":"build","began_unix_ms":0,"directory":"/","outputs":"","requests_cap":2,"render_cap":2,"currency":"USD"}
{"event":"lesson","elapsed_ms":9,"lesson":"a","lesson_index":0,"step":"lesson","state":"done","duration_s":4,"speech_heard":2,"speech_asked":3,"speech_late_ms":-1.25,"sound_over_ms":0.5,"pictures_looked_at":12}
TEXT
run "a journal from elsewhere writes nowhere by itself" 2 "$vidgen" report heard.jsonl
run "what was found in a finished film" 0 "$vidgen" report -o heard.html heard.jsonl
holds "narrations" heard.html "<td>heard 2 of 3</td>"
holds "their places" heard.html "<dd>-1.2 ms</dd>"
holds "the ends" heard.html "<dd>+0.5 ms</dd>"
holds "pictures" heard.html "<dd>12</dd>"
mkdir out3 && mkdir out3/report.html
run "a page that cannot be written" 0 "$vidgen" build -o out3 one.json two.json
has "is a warning" out "the report is not written"
mkdir out4 && echo "<html>my own" >out4/report.html
run "a page of one's own" 0 "$vidgen" build -o out4 one.json two.json
has "a page of one's own" out "is no report of vidgen's"
same "it stays as it is" "<html>my own" "$(cat out4/report.html)"
run "gc" 0 "$vidgen" cache gc
same "no pictures are left" "" "$(ls .cache/vidgen/runs/stills 2>/dev/null)"
finish
