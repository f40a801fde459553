#!/bin/sh
# report_browser.sh - the page about a batch in a real Chromium, opened as a file: no errors, clicks, dark mode, a phone's width
. "$(dirname "$0")/../support/whole.sh"
need jq python3 chromedriver
server_start '{"rules": [{"route": "image", "match": "picture 2", "times": 1, "status": 429, "headers": {"Retry-After": "0"}, "body": {}},
  {"route": "image", "match": "Broken picture 1", "times": -1, "status": 400, "body": {"error": {"message": "refused </script><script>alert(2)</script>"}}}]}'
config openai-image openai-speech
lesson one.json 3 Wafer
lesson two.json 2 Etch
lesson broken.json 2 Broken
jq '.title = "<img src=x onerror=alert(1)> & \"quotes\"" | .sections[0].title = "</script><script>alert(3)</script>"' one.json >o && mv o one.json
run "a batch with a lesson that fails" 5 "$vidgen" build -o out1 --set workers.requests=3 one.json two.json broken.json
HOME=$dir XDG_CONFIG_HOME=$dir/.config timeout 100 python3 "$whole_root/tests/support/browser.py" out1/report.html "$whole_root/tests/support/report_page.js" ${SHOTS:+"$SHOTS"}
code=$?
[ $code != 77 ] || exit 77
[ $code = 0 ] || bad=1
finish
