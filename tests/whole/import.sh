# Files of other programs, in the shapes that those document, become lessons that pass the check; what has no counterpart is named.
. "$(dirname "$0")/../support/whole.sh"
need jq ffmpeg

# PROGRAM FILE
import() {
    run "$1 is understood" 0 sh -c '"$1" import "$2" "$3" >lesson.json 2>left' - "$vidgen" "$1" "$2"
    run "$1 gives a lesson without a mistake" 0 "$vidgen" check --strict lesson.json
}
is() { same "$1: $2" "$3" "$(jq -c "$2" lesson.json)"; } # PROGRAM FILTER WANT

mkdir assets && : >assets/a.jpg && : >assets/b.mp4
ffmpeg -v error -f lavfi -i sine=d=0.2 assets/music.m4a
cat >edit.json5 <<'J'
{
  // sizes of a phone
  width: 720, height: 1280, fps: 30, outPath: './out.mp4',
  audioFilePath: './assets/music.m4a',
  defaults: { transition: { name: 'random' }, layer: { fontPath: './assets/x.ttf' } },
  clips: [
    { duration: 3, transition: { name: 'directional-left' }, layers: [{ type: 'title-background', text: 'EDITLY\nsays "hi"', background: { type: 'radial-gradient' } }] },
    { duration: 2.5, transition: null, layers: [{ type: 'image', path: './assets/a.jpg', zoomDirection: 'out' }, { type: 'news-title', text: 'it\'s news' }] },
    { layers: { type: 'video', path: './assets/b.mp4', resizeMode: 'contain' }, },
  ],
}
J
import editly edit.json5
is editly '[.sections[].duration]' '[3,2.5,4]'
is editly '.sections[1].transition.type' '"slide-left"'
is editly '.sections[2].transition.type' '"none"'
is editly '.sections[0].overlays[0].text' '"EDITLY\nsays \"hi\""'
is editly '.sections[1].overlays[0].text' "\"it's news\""
is editly '.sections[1].effects' '["zoom-out"]'
is editly '.sections[2].video.fit' '"contain"'
same "editly: what was left out" "defaults.layer outPath clips[0].layers[0].background " "$(sed 's/.*: left out: //' left | sort -r | grep -v clips | sort | tr '\n' ' ')$(sed -n 's/.*: left out: //p' left | grep clips | tr '\n' ' ')"

cat >edit.json <<'J'
{ "timeline": { "soundtrack": { "src": "assets/music.m4a", "effect": "fadeInFadeOut", "volume": 0.4 }, "background": "#101010",
  "tracks": [ { "clips": [ { "asset": { "type": "title", "text": "Hello", "style": "minimal" }, "start": 1, "length": 2 },
                           { "asset": { "type": "text-to-speech", "text": "The second picture.", "voice": "Amy" }, "start": 4, "length": 3 } ] },
              { "clips": [ { "asset": { "type": "image", "src": "https://example.org/1.jpg" }, "start": 0, "length": 4, "effect": "zoomIn", "fit": "crop" },
                           { "asset": { "type": "video", "src": "https://example.org/2.mp4" }, "start": 4, "length": 5,
                             "transition": { "in": "carouselLeft", "out": "fade" } } ] } ] },
  "output": { "format": "mp4", "resolution": "hd", "aspectRatio": "9:16" }, "callback": "https://example.org/done" }
J
import shotstack edit.json
is shotstack '.sections[0].image' '{"fit":"cover","file":"https://example.org/1.jpg"}'
is shotstack '.sections[0].overlays' '[{"type":"title","text":"Hello","at":1,"for":2}]'
is shotstack '.sections[1].narration' '"The second picture."'
is shotstack '.sections[1].transition' '"push-left"'
is shotstack '.sections[1] | has("duration")' false
has "shotstack: what was left out" left "timeline.tracks[1].clips[1].transition.out"
has "shotstack: what was left out" left "callback"

cat >movie.json <<'J'
{ "comment": "Birds", "resolution": "full-hd", "quality": "high", "variables": { "who": "Ann" },
  "elements": [ { "type": "subtitles", "settings": { "style": "classic" } }, { "type": "audio", "src": "assets/music.m4a", "volume": 0.2 } ],
  "scenes": [ { "transition": { "style": "wipeleft", "duration": 1 }, "elements": [ { "type": "image", "prompt": "a robin", "model": "flux", "zoom": 2 },
                  { "type": "voice", "text": "A robin, says {{who}}.", "voice": "en-US-AriaNeural" } ] },
              { "background-color": "#223344", "duration": 6, "elements": [ { "type": "text", "text": "The end", "start": 1, "duration": 3 }, { "type": "component", "component": "x" } ] } ] }
J
import json2video movie.json
is json2video '.title' '"Birds"'
is json2video '[.video.width, .video.height]' '[1920,1080]'
is json2video '.sections[0].image_prompt' '"a robin"'
is json2video '.sections[0].effects' '["zoom-in"]'
is json2video '.sections[1].duration' 6
is json2video '.captions.enabled' true
has "json2video: what was left out" left "scenes[1].elements[1]"
has "json2video: what was left out" left "scenes[0].elements[0].model"

cat >source.json <<'J'
{ "output_format": "mp4", "width": 1280, "height": 720, "frame_rate": 25,
  "elements": [ { "type": "audio", "source": "assets/music.m4a", "volume": "25%" },
    { "name": "One", "type": "composition", "track": 1, "elements": [ { "type": "image", "source": "https://example.org/1.jpg", "fit": "cover" },
        { "type": "audio", "provider": "elevenlabs model_id=x", "source": "The first." }, { "type": "text", "text": "One", "y": "20%", "time": 0.5 } ] },
    { "type": "video", "track": 1, "source": "https://example.org/2.mp4", "duration": 4, "animations": [ { "time": "start", "duration": 1, "transition": true, "type": "fade" } ] } ] }
J
import creatomate source.json
is creatomate '.sections[0].narration' '"The first."'
is creatomate '.sections[0].title' '"One"'
is creatomate '.sections[1].transition' '{"type":"fade","duration":1}'
is creatomate '.sections[1].duration' 4
has "creatomate: what was left out" left "elements[1].elements[2].y"

cat >task.json <<'J'
{ "video_subject": "Spring flowers", "video_script": "Flowers open in spring.\n\nBees come to them.", "video_terms": "flowers, bees",
  "video_aspect": "9:16", "video_concat_mode": "random", "video_source": "pexels", "voice_name": "en-US-JennyNeural-Female", "voice_rate": 1.1,
  "bgm_type": "random", "subtitle_enabled": true, "subtitle_position": "center", "text_fore_color": "#FFFFFF", "font_size": 60 }
J
import moneyprinterturbo task.json
is moneyprinterturbo '[.sections[].narration]' '["Flowers open in spring.","Bees come to them."]'
is moneyprinterturbo '[.sections[].image_prompt]' '["flowers","bees"]'
is moneyprinterturbo '.captions.position' '"middle"'
has "moneyprinterturbo: what was left out" left "bgm_type"

cat >request.json <<'J'
{ "scenes": [ { "text": "Hello world!", "searchTerms": ["river"] } ],
  "config": { "paddingBack": 1500, "music": "chill", "captionPosition": "bottom", "voice": "af_heart", "orientation": "portrait" } }
J
import short-video-maker request.json
is short-video-maker '.timing.tail' 1.5
is short-video-maker '.sections[0].image_prompt' '"river"'
has "short-video-maker: what was left out" left "config.music"

run "another kind of file" 3 "$vidgen" import shotstack movie.json
has "is told" out "this is no file of shotstack"
run "a program that is not known" 2 "$vidgen" import imovie movie.json
has "is told with those that are" out "creatomate"
printf '{ "clips": [ }' >bad.json
run "a file that is broken" 3 "$vidgen" import editly bad.json
has "has its place" out "bad.json:1:"
: >there.json
run "a file that is there" 2 "$vidgen" import editly edit.json5 -o there.json
[ ! -s there.json ] || say_bad "is not written over"
finish
