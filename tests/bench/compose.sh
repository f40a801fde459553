#!/bin/sh
# compose.sh [PART...] - how fast and how well films are made, beside other programs on the same work, as a table with what is wanted
#
# Parts: speed peers workers memory scaling sound edit (all when none is named; each takes three minutes at most on two quiet cores).
# CASES="balanced script-veryfast" runs only those programs, SECTIONS=2 makes the film shorter (of peers: SECONDS_EACH=2), LIMIT_S=900 waits longer for the others. A line ends in "ok", in "over" when it misses
# what is wanted, or in "not measured"; the exit code tells whether one missed. All numbers are of one run: compare them with each other, and
# only when nothing else runs on the machine. SSIM is in dB, of each program's film against its own frames before they were encoded.
cd "$(dirname "$0")/../.." || exit 1
ROOT=$PWD
. tests/support/whole.sh
need ffmpeg jq awk gcc
python=/usr/bin/python3
"$python" -c 'import numpy, PIL' 2>/dev/null || { echo "numpy and PIL are not installed: ./setup.sh bench"; exit 77; }
tools=$ROOT/tests/bench/compose
cores=$(getconf _NPROCESSORS_ONLN)
cc -O2 -shared -fPIC -D_GNU_SOURCE -o x264_clock.so "$tools/x264_clock.c" -ldl || exit 1

say() { printf '%s\n' "$1"; }
is_case() { [ -z "${CASES:-}" ] || case " $CASES " in *" $1 "*) ;; *) false ;; esac; }
calc() { awk "BEGIN { printf \"%.${2:-2}f\", $1 }"; }                 # EXPRESSION [DIGITS]
of() { [ -s "$1.cost" ] && [ "$(jq .rc "$1.cost")" = 0 ] && jq -r ".$2" "$1.cost" || echo; } # NAME FIELD: nothing when it did not run
megabytes() { [ -s "$1" ] && awk -v n="$(wc -c <"$1")" 'BEGIN { printf "%.2f", n / 1e6 }' || echo; }

# TEXT VALUE WANTED UNIT HIGH|LOW: a line of what is wanted; LOW: the value may not be below
line() {
    if [ -z "$2" ]; then
        printf '  %-62s not measured\n' "$1"
        return
    fi
    printf '  %-62s %8s %-4s' "$1" "$2" "$4"
    if awk -v a="$2" -v b="$3" -v d="$5" 'BEGIN { exit !(d == "HIGH" ? a <= b : a >= b) }'; then
        printf ' %s %-6s ok\n' "$([ "$5" = HIGH ] && echo 'at most ' || echo 'at least')" "$3"
    else
        printf ' %s %-6s over\n' "$([ "$5" = HIGH ] && echo 'at most ' || echo 'at least')" "$3"
        bad=1
    fi
}
# A B [DIGITS]: their ratio, or nothing
ratio() { [ -z "$1" ] || [ -z "${2%% *}" ] || calc "$1 / ($2)" "${3:-2}"; }

# DIR ARGUMENTS...: the work, made once
work() { work_dir=$1; shift; [ -d "$work_dir" ] || "$python" "$tools/workload.py" "$work_dir" "$@" || exit 1; }
# SECONDS NAME COMMAND...: runs it, what it cost is in NAME.cost
cost() { cost_s=$1 cost_name=$2; shift 2; "$python" "$tools/cost.py" "$cost_name.cost" "$cost_s" "$@" >"$cost_name.log" 2>&1; }
# NAME LESSON OPTIONS...: vidgen makes the film NAME/lesson.mp4 from an empty cache
film() {
    film_name=$1 film_of=$2
    shift 2
    rm -rf "$film_name" cache
    cost 240 "$film_name" "$vidgen" build "$film_of" -o "$film_name" --set cache.dir="$dir/cache" --set output.thumbnail=none "$@"
    [ "$(jq .rc "$film_name.cost")" = 0 ] || { say "  $film_name: not made"; tail -2 "$film_name.log" | cut -c1-110; }
}
# NAME PROGRAM DIR PRESET CRF: another program makes the film NAME.mp4
peer() {
    "$python" "$tools/peers.py" "$2" "$3" "$dir/$1.mp4" "$4" "$5" >"$1.sh" 2>"$1.log" || return
    cost "${LIMIT_S:-240}" "$1" sh -e "$1.sh"
    [ "$(jq .rc "$1.cost")" = 0 ] || { say "  $1: not made"; tail -2 "$1.log" | cut -c1-110; }
}
# STATS of FFmpeg's ssim filter: mean of all frames in dB
decibel() { [ -s "$1" ] && awk '{ for (i = 1; i <= NF; i++) if ($i ~ /^All:/) { s += substr($i, 5); n++ } } END { printf "%.2f", -10 * log(1 - s / n) / log(10) }' "$1"; }
head_line() { printf '  %-24s %8s %8s %8s %8s %8s\n' "$1" 'wall s' 'CPU s' 'RSS MB' 'size MB' 'SSIM dB'; }
row() { # NAME FILE STATS
    printf '  %-24s %8s %8s %8s %8s %8s\n' "$1" "$(of "$1" wall_s)" "$(of "$1" cpu_s)" "$(of "$1" rss_mb)" "$(megabytes "$2")" "$(decibel "$3")"
}

# ---------- the same film by vidgen's presets and by the script of the tutorials ----------

speed() {
    sections=${SECTIONS:-4}
    work work "$sections"
    seconds=$((sections * 8))
    say "speed: $sections sections, $seconds s of film, 1920x1080 at 30, $cores cores"
    for preset in balanced draft archive; do is_case $preset && film $preset work/lesson.json --set encode.preset=$preset; done
    for preset in veryfast medium; do is_case script-$preset && peer script-$preset script work $preset 20; done
    judge
    head_line ""
    for preset in balanced draft archive; do is_case $preset && row $preset $preset/lesson.mp4 $preset.ssim; done
    for preset in veryfast medium; do is_case script-$preset && row script-$preset script-$preset.mp4 script-$preset.mp4.ssim; done
    balanced=$(of balanced wall_s) veryfast=$(of script-veryfast wall_s) medium=$(of script-medium wall_s)
    line "balanced: SSIM above the script's (veryfast) at equal size" "$(at_equal_size)" 0 dB LOW
    line "balanced: wall against the script at veryfast" "$(ratio "$balanced" "$veryfast")" 0.6 x HIGH
    line "balanced: wall against the script at medium" "$(ratio "$balanced" "$medium")" 0.3 x HIGH
    line "balanced: against real time" "$(ratio $seconds "$balanced")" 2.8 x LOW
    line "draft: against real time" "$(ratio $seconds "$(of draft wall_s)")" 4.2 x LOW
    line "archive: wall against the script at medium" "$(ratio "$(of archive wall_s)" "$medium")" 0.6 x HIGH
    line "archive: size against the script at medium" "$(ratio "$(megabytes archive/lesson.mp4)" "$(megabytes script-medium.mp4)")" 1 x HIGH
    archive=$(decibel archive.ssim) medium=$(decibel script-medium.mp4.ssim)
    line "archive: SSIM above the script's at medium" "${archive:+${medium:+$(calc "$archive - $medium")}}" 0 dB LOW
}

# vidgen's films against one that has lost next to nothing; the script's against its own graph, run once more
judge() {
    films=""
    for preset in balanced draft archive; do [ -s $preset/lesson.mp4 ] && films="$films $preset"; done
    if [ -n "$films" ]; then
        film whole work/lesson.json --set encode.preset=draft --set encode.crf=1
        for preset in $films; do
            ffmpeg -v error -nostdin -i $preset/lesson.mp4 -i whole/lesson.mp4 -lavfi "ssim=stats_file=$preset.ssim" -f null - 2>>judge.log
        done
    fi
    is_case script-veryfast || return
    peer script-smaller script work veryfast 24
    list=""
    for one in script-veryfast script-smaller script-medium; do [ -s $one.mp4 ] && list="${list:+$list,}$one.mp4"; done
    "$python" "$tools/peers.py" script-ssim work "$list" >ssim.sh && sh -e ssim.sh >>judge.log 2>&1
}

# The script's SSIM at balanced's size, on the line through its films of CRF 20 and 24 (dB against the logarithm of the size)
at_equal_size() {
    own=$(decibel balanced.ssim) large=$(decibel script-veryfast.mp4.ssim) small=$(decibel script-smaller.mp4.ssim)
    [ -n "$own" ] && [ -n "$large" ] && [ -n "$small" ] || return
    awk -v o="$own" -v l="$large" -v s="$small" -v a="$(wc -c <balanced/lesson.mp4)" -v b="$(wc -c <script-veryfast.mp4)" -v c="$(wc -c <script-smaller.mp4)" \
        'BEGIN { printf "%.2f", o - (l + (s - l) * (log(a) - log(b)) / (log(c) - log(b))) }'
}

# ---------- other programs ----------

peers() {
    peer_seconds=${SECONDS_EACH:-8}
    work two 2 "$peer_seconds"
    say "peers: 2 sections, $((2 * peer_seconds)) s of film, everything at preset medium but vidgen; load $(cut -d' ' -f1 /proc/loadavg)"
    is_case balanced && film balanced-2 two/lesson.json
    is_case script && peer script-2 script two medium 20
    is_case script-4x && peer script-4x script-4x two medium 20
    is_case script-8x && peer script-8x script-8x two medium 20
    is_case clips && peer clips clips two medium 20
    if ! command -v melt >/dev/null; then say "  melt: not installed (apt-get install melt)"; elif is_case melt; then peer melt melt two medium 20; fi
    if [ ! -d "${EDITLY:-/nowhere}/node_modules/editly" ]; then
        say "  editly: not installed (npm install editly in a directory, with its native parts, xvfb; and EDITLY=it)"
    elif is_case editly; then peer editly editly two medium 20; fi
    if [ ! -d "${REMOTION:-/nowhere}/node_modules/@remotion/cli" ]; then
        say "  Remotion: not installed (npm install remotion @remotion/cli react react-dom in a directory, chromium; and REMOTION=it)"
    elif is_case remotion; then peer remotion remotion two medium 20; fi
    head_line ""
    [ -s balanced-2.cost ] && row balanced-2 balanced-2/lesson.mp4 ""
    for one in script-2 script-4x script-8x clips melt editly remotion; do [ -s $one.cost ] && row $one $one.mp4 ""; done
}

# ---------- what is not x264, and two workers ----------

workers() {
    work work "${SECTIONS:-4}"
    say "workers: the same film by one worker and by two"
    X264_CLOCK=$dir/clock
    export X264_CLOCK
    rm -f clock
    LD_PRELOAD=$dir/x264_clock.so film one work/lesson.json --set workers.render=1
    unset X264_CLOCK
    film both work/lesson.json --set workers.render=2
    x264=$(cat clock 2>/dev/null) all=$(of one cpu_s)
    head_line ""
    row one one/lesson.mp4 "" && row both both/lesson.mp4 ""
    say "  x264 in the first of them: ${x264:-not measured} s of CPU"
    line "everything but x264, of all CPU" "${x264:+${all:+$(calc "100 * (1 - $x264 / $all)" 1)}}" 25 % HIGH
    line "all CPU against x264's alone" "$(ratio "$all" "$x264")" 1.3 x HIGH
    line "two workers against one" "$(ratio "$(of one wall_s)" "$(of both wall_s)")" 1.8 x LOW
    cmp -s one/lesson.mp4 both/lesson.mp4 || { say "  one and two workers gave different films"; bad=1; }
}

# ---------- memory and growth ----------

memory() {
    work large 4 3 1920 1080 12
    say "memory: 1920x1080, four pictures of 4000x3000, two workers"
    film large-film large/lesson.json --set workers.render=2
    line "balanced: all processes together" "$(of large-film rss_mb)" 400 MB HIGH
}

scaling() {
    say "scaling: sections of 2 s, 1280x720, draft"
    counts=${COUNTS:-10 50 200}
    work many "${counts##* }" 2 1280 720 0
    for n in $counts; do
        jq ".sections = .sections[:$n]" many/lesson.json >"many/first-$n.json"
        film "sections-$n" "many/first-$n.json" --set encode.preset=draft
        printf '  %3s sections: %7s s wall, %7s s CPU, %6s MB\n' "$n" "$(of "sections-$n" wall_s)" "$(of "sections-$n" cpu_s)" "$(of "sections-$n" rss_mb)"
    done
    few=${counts%% *} many=${counts##* } some=${counts#* } some=${some%% *}
    line "CPU of a section: $many against $some" "$(ratio "$(of "sections-$many" cpu_s)" "$(of "sections-$some" cpu_s) * $many / $some")" 1.05 x HIGH
    line "memory: $many sections against $few" "$(ratio "$(of "sections-$many" rss_mb)" "$(of "sections-$few" rss_mb)")" 1.1 x HIGH
}

sound() {
    say "sound: 100 narrations mixed and brought to their loudness"
    cost 60 mixing "$whole_build/tools/bench_sound"
    sed 's/^/  /' mixing.log
    line "CPU, without decoding" "$(awk '$1 == "all" { print $2 }' mixing.log)" 1 s HIGH
}

edit() {
    work many 60 2 1280 720 0
    say "edit: the caption of one of 60 sections changes"
    jq '.sections = .sections[:60]' many/lesson.json >many/sixty.json
    jq '.sections = [.sections[30]]' many/sixty.json >many/single.json
    film single-film many/single.json --set encode.preset=draft
    film sixty-film many/sixty.json --set encode.preset=draft
    jq '.sections[30].narration = "Other words stand here now, as many as there were before them."' many/sixty.json >many/edited.json
    mv many/edited.json many/sixty.json
    cost 60 edited "$vidgen" build many/sixty.json -o sixty-film --set cache.dir="$dir/cache" --set output.thumbnail=none --set encode.preset=draft
    say "  all $(of sixty-film wall_s) s, that section alone $(of single-film wall_s) s, the edit $(of edited wall_s) s"
    tail -2 edited.log | cut -c1-110
    own=$(of single-film wall_s) all=$(of edited wall_s)
    line "the edit, beyond that section alone" "${own:+${all:+$(calc "$all - $own")}}" 1 s HIGH
}

say "load before: $(cut -d' ' -f1-3 /proc/loadavg)"
[ $# -gt 0 ] || set -- speed peers workers memory scaling sound edit
for part; do "$part"; done
finish
