# Like make: what is up to date is left alone, whatever changed is noticed, and one thing can be had anew.
. "$(dirname "$0")/../support/whole.sh"
need jq ffmpeg

lesson() { # NAME NARRATION [MORE KEYS]
    cat >"$1.json" <<JSON
{ "title": "Small", "video": { "width": 64, "height": 64, "fps": 10 }, ${3:-}
  "sections": [ { "id": "a", "duration": 0.3, "background": "#102030" }, { "id": "b", "duration": $2, "background": "#405060" } ] }
JSON
}
state() { grep '^{' out | jq -r 'select(.event == "lesson").state' | paste -sd, -; }
build() { run "$1" 0 "$vidgen" build --json "$2.json" -o films; }

lesson quiet 0.3 '"output": { "subtitles": [], "thumbnail": "none" },'
build "a film with nothing beside it" quiet
same "only the film is written" quiet.mp4 "$(ls films)"
build "it again" quiet
same "it is up to date" cached "$(state)"

# What decides a film is told by its text, its files and the settings; then nothing of it is planned.
n_steps() { grep '^{' out | jq -r 'select(.event == "node" and .section != null).step' | wc -l; }
picture() { # COLOUR [DATE]
    printf 'P3 2 2 255 %s 0 200 0 0 0 200 90 90 90\n' "$1" >dot.ppm
    ffmpeg -v error -nostdin -y -i dot.ppm dot.png
    touch -d "${2:-1 minute ago}" dot.png
}
remade() { # NAME: after a change of something the film is made anew, and is known again
    build "$1" loud
    same "$1 is noticed" done "$(state)"
    build "$1: again" loud
    same "$1: it is up to date again" "cached 0" "$(state) $(n_steps)"
}
write_loud() { # SECONDS
    cat >loud.json <<JSON
{ "title": "Loud", "video": { "width": 64, "height": 64, "fps": 10 },
  "sections": [ { "id": "a", "duration": $1, "image": "dot.png" }, { "id": "b", "duration": 0.3, "slide": { "heading": "One" } } ] }
JSON
}
picture "200 0 0"
write_loud 0.3
remade "a new lesson"
write_loud 1.6
remade "another text"
picture "20 99 0"
remade "another picture"
picture "20 88 0"
remade "another picture of the same size and nearly the same date"
rm films/loud.jpg
remade "a thumbnail that is gone"
echo more >>films/loud.mp4
remade "a film that somebody wrote to"
rm films/loud.mp4
remade "a film that is gone"
printf 'voice: {speed: 1.1}\n' >config.yaml
build "other settings" loud
same "settings that change no picture are looked at" cached "$(state)"
build "other settings again" loud
same "once" "cached 0" "$(state) $(n_steps)"
printf 'theme: paper\n' >config.yaml
remade "another theme"
run "other workers" 0 "$vidgen" build --json loud.json -o films -j 1 --set workers.requests=3
same "how many work changes nothing" "cached 0" "$(state) $(n_steps)"
run "another place" 0 "$vidgen" build --json loud.json -o elsewhere
same "another place is another film" done "$(state)"
made() { grep '^{' out | jq -r "select(.event == \"node\" and .state == \"$1\").step" | sort | uniq -c | awk '{ print $1 " " $2 }' | paste -sd, -; }
run "by force" 0 "$vidgen" build --json loud.json -o films --force
same "--force draws and joins, and takes pictures as they are" "1 join,2 render,1 transition" "$(made running)"
build "after that" loud
same "it is up to date" "cached 0" "$(state) $(n_steps)"
picture "20 77 0" now
build "a picture of this moment" loud
same "it is seen" done "$(state)"
picture "20 66 0" now
build "another within two seconds" loud
same "it is seen as well" done "$(state)"


# Variables: what is typed and used by no lesson is told, before anything is made.
cat >var.json <<'JSON'
{ "title": "{{name}}", "video": { "width": 64, "height": 64, "fps": 10 }, "sections": [ { "duration": 0.3, "background": "#102030" } ] }
JSON
run "a value that nobody asks for" 0 "$vidgen" plan --var name=Wafer --var nmae=Waver var.json
has "a value that nobody asks for" out "--var nmae: no lesson has {{nmae}}"
has_not "one that is used" out "--var name:"
echo '{"name": "Wafer", "other": 1}' >values.json
run "a file of values may hold more" 0 "$vidgen" plan --vars values.json var.json
has_not "a file of values may hold more" out "no lesson has"
run "another value is another film" 0 "$vidgen" build --json --var name=One var.json -o films
run "another value is another film" 0 "$vidgen" build --json --var name=Two var.json -o films
same "another value is another film" done "$(state)"
values() { echo "{\"name\": \"$2\"}" >values.json; run "$1" 0 "$vidgen" build --json --vars values.json var.json -o films; }
values "values from a file" Three
values "the file is saved again as it was" Three
same "values count by what they are" "cached 0" "$(state) $(n_steps)"
values "the file says something else" Seven
same "another value in a file is another film" done "$(state)"

# A note that was cut off when the power went is swept.
: >.cache/vidgen/runs/films/cut
run "an empty note" 0 "$vidgen" cache gc
same "an empty note is gone" "" "$(ls .cache/vidgen/runs/films | grep cut)"

# What another took over because a service was down is tried again by the next run; what was refused for good is not.
need curl
server_start '{"key": "test-key-", "polls": 0, "rules": [{"route": "image", "status": 500, "times": -1}]}'
config '[openai-image, slide]' openai-speech
cat >down.json <<'JSON'
{ "title": "Down", "video": { "width": 64, "height": 64, "fps": 10 },
  "sections": [ { "id": "a", "title": "A", "duration": 0.3, "image_prompt": "a wafer" } ] }
JSON
run "a service that is down" 0 "$vidgen" build --json --set limits.attempts=1 down.json -o films
has "a slide in the place of its picture" out '"event":"switch"'
server_script '{"key": "test-key-", "polls": 0}'
before=$(stat .paid)
build "the service is back" down
same "the picture is had" "done 1" "$(state) $(($(stat .paid) - before))"
build "with its picture" down
same "it is up to date" "cached 0" "$(state) $(n_steps)"
server_script '{"key": "test-key-", "polls": 0, "rules": [{"route": "image", "status": 400, "times": -1, "body": {"error": {"message": "not this", "code": "moderation_blocked"}}}]}'
sed 's/a wafer/a weapon/' down.json >refused.json
build "a picture that is refused" refused
build "refused for good" refused
same "it is up to date, and not planned" "cached 0" "$(state) $(n_steps)"
server_stop

finish
