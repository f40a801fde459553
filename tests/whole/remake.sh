# Like make: what is up to date is left alone, whatever changed is noticed, and one thing can be had anew.
. "$(dirname "$0")/../support/whole.sh"
need jq

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

finish
