# What is written beside a video and inside it: thumbnails, chapters, subtitles.
. "$(dirname "$0")/../support/whole.sh"
need ffmpeg ffprobe jq

ffmpeg -v error -f lavfi -i color=c=red:s=90x160 -frames:v 1 cover.png
write_lesson() { # NAME, MEMBERS OF output
    cat >"$1.json" <<JSON
{ "title": "Outputs", "language": "de", "video": { "width": 160, "height": 90, "fps": 25 }, "captions": false, "transition": "none",
  "output": { $2 },
  "sections": [
    { "id": "grey", "title": "Grau", "narration": "Ein <b>Tag</b> & {\\\\an8} --> Ende.", "background": "#808080" },
    { "id": "green", "title": "Gr\u00fcn", "narration": "Gras.", "background": "#00a000" },
    { "id": "bunt", "title": "Bunt", "duration": 11, "slide": { "heading": "Bunt" } } ] }
JSON
}
probe() { ffprobe -v error -of json -show_streams -show_chapters -show_format "$1" | jq -r "$2"; }
# FILE: mean R G B of a picture
colour() { ffmpeg -v error -i "$1" -vf scale=1:1:flags=area -f rawvideo -pix_fmt rgb24 - | od -An -tu1 | awk '{ print $1, $2, $3 }'; }
is_near() { # NAME, WANT R G B, GOT R G B
    echo "$2 $3" | awk '{ for (i = 1; i <= 3; i++) if ($i - $(i + 3) > 12 || $(i + 3) - $i > 12) exit 1 }' || say_bad "$1: $3, want $2"
}

write_lesson mp4 '"subtitles": ["srt", "vtt", "track"], "chapter_list": true, "thumbnail": "green"'
run "MP4" 0 "$vidgen" build mp4.json -o films
has "chapters that platforms will not show are told" out "2 of 3 chapters are shorter than 10 s"
same "the list begins at 0, a line for each" "00:00 Grau" "$(head -1 films/mp4.chapters.txt)"
same "all of them" "Grau Grün Bunt" "$(cut -d' ' -f2 films/mp4.chapters.txt | paste -sd' ')"
s='.streams[] | select(.codec_type == "subtitle")'
same "a track of text, in the lesson's language" "mov_text deu" "$(probe films/mp4.mp4 "$s | [.codec_name, .tags.language] | join(\" \")")"
ffmpeg -v error -y -copyts -i films/mp4.mp4 -map 0:s -f srt track.srt
has "the track says what is said, as it is" track.srt 'Ein <b>Tag</b> & {'
has "the file escapes it" films/mp4.vtt 'Ein &lt;b&gt;Tag&lt;/b&gt; &amp; {\an8} --&gt; Ende.'
cue_times() { grep -e "^[0-9:,.]* --> [0-9:,.]*$" "$1"; }
same "at the times of the file" "$(cue_times films/mp4.srt)" "$(cue_times track.srt)"
same "the film decodes without a word" "" "$(ffmpeg -v warning -i films/mp4.mp4 -map 0:v -map 0:a -f null - 2>&1)"
is_near "the thumbnail is of the section" "0 160 0" "$(colour films/mp4.jpg)"

write_lesson mkv '"file": "mkv.mkv", "subtitles": ["track"], "thumbnail": { "at": 0.5 }'
run "Matroska" 0 "$vidgen" build mkv.json -o films
same "SubRip in it" "subrip" "$(probe films/mkv.mkv "$s | .codec_name")"
ffmpeg -v error -y -copyts -i films/mkv.mkv -map 0:s -f srt track.srt
same "at the same times" "$(cue_times films/mp4.srt)" "$(cue_times track.srt)"
is_near "the thumbnail is of the time" "128 128 128" "$(colour films/mkv.jpg)"
[ ! -e films/mkv.srt ] || say_bad "no files of subtitles"

write_lesson webm '"file": "webm.webm", "subtitles": ["track"], "thumbnail": { "file": "cover.png" }'
run "WebM" 0 "$vidgen" build webm.json -o films --set encode.codec=vp9 --set encode.audio_codec=opus --set encode.preset=draft
same "WebVTT in it" "webvtt" "$(probe films/webm.webm "$s | .codec_name")"
case "$(probe films/webm.webm "$s | .tags.language")" in ger | deu) ;; *) say_bad "in German" ;; esac
ffmpeg -v error -y -copyts -i films/webm.webm -map 0:s -c copy -f webvtt track.vtt
has "escaped" track.vtt 'Ein &lt;b&gt;Tag&lt;/b&gt;'
is_near "the thumbnail is the file" "254 0 0" "$(colour films/webm.jpg)"
same "and fills the frame" "160x90" "$(probe films/webm.jpg '.streams[0] | "\(.width)x\(.height)"')"
ffmpeg -v error -y -f lavfi -i color=c=blue:s=90x160 -frames:v 1 cover.png
run "another file of that name" 0 "$vidgen" build webm.json -o films --set encode.codec=vp9 --set encode.audio_codec=opus --set encode.preset=draft
is_near "is another thumbnail" "0 0 254" "$(colour films/webm.jpg)"

for kind in tiff svg; do
    ffmpeg -v error -y -f lavfi -i color=c=blue:s=90x160 -frames:v 1 cover.tiff
    echo '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="160"><rect width="90" height="160" fill="#00f"/></svg>' >cover.svg
    write_lesson $kind "\"thumbnail\": { \"file\": \"cover.$kind\" }"
    run "a thumbnail of $kind" 0 "$vidgen" build $kind.json -o films
    is_near "shows the file" "0 0 254" "$(colour films/$kind.jpg)"
done

write_lesson auto '"thumbnail": "auto"'
run "a thumbnail that is chosen" 0 "$vidgen" build auto.json -o films
write_lesson bunt '"thumbnail": "bunt"'
run "one that is named" 0 "$vidgen" build bunt.json -o films
cmp films/auto.jpg films/bunt.jpg || say_bad "the slide is sharper and more colourful than plain colours"

run "what gets in the way of one file" 0 rm -r films/bunt.jpg
mkdir films/bunt.jpg && before=$(ls -i films/bunt.mp4)
run "is told" 8 "$vidgen" build --force bunt.json -o films
same "and the film is left as it was" "$before" "$(ls -i films/bunt.mp4)"
finish
