#!/bin/sh
# batch.sh [PART...] - what courses cost besides their films: memory by number and length of lessons, and finding that nothing is to be done
#
# Parts: many long (all when none is named). Frames are 64 px wide and backgrounds plain, so that what grows with lessons shows. MANY=1000 and
# LONG=7200 (seconds) may be made smaller. Memory is that of vidgen itself at its most, not of its children. A line ends in "ok" or in "over".
cd "$(dirname "$0")/../.." || exit 1
ROOT=$PWD
. tests/support/whole.sh
need awk
[ -x /usr/bin/time ] || { echo "/usr/bin/time is not installed: ./setup.sh bench"; exit 77; }
many=${MANY:-1000} few=$((${MANY:-1000} / 20)) long=${LONG:-7200} short=$((${LONG:-7200} / 24))

# NAME VALUE WANTED UNIT
line() {
    awk -v n="$1" -v v="$2" -v w="$3" -v u="$4" 'BEGIN { printf "  %-58s %8.2f %-3s at most %-6s %s\n", n, v, u, w, v <= w ? "ok" : "over"; exit v > w }' || bad=1
}
calc() { awk "BEGIN { printf \"%.3f\", $1 }"; }
# NAME COMMAND...: "seconds kilobytes CPU-seconds" into NAME.cost
cost() {
    cost_of=$1
    shift
    /usr/bin/time -o "$cost_of.cost" -f "%e %M %U %S" "$@" || { echo "  $cost_of: failed"; bad=1; }
}
of() { tail -1 "$1.cost" | awk -v f="$2" '{ print f == "s" ? $1 : f == "kb" ? $2 : $3 + $4 }'; }
# DIR LESSONS SECTIONS SECONDS-OF-EACH
lessons() {
    mkdir -p "$1"
    awk -v d="$1" -v n="$2" -v k="$3" -v s="$4" 'BEGIN {
        for (i = 1; i <= n; i++) {
            t = ""
            for (j = 1; j <= k; j++) { t = t (t == "" ? "" : ",") sprintf("{\"duration\":%g,\"background\":\"#%06x\"}", s, i * 100 + j) }
            f = sprintf("%s/%05d.json", d, i)
            printf("{\"title\":\"Lesson %d\",\"video\":{\"width\":64,\"height\":64,\"fps\":10},\"transition\":\"none\",\"sections\":[%s]}\n", i, t) > f
            close(f)
        } }'
}
# NAME CACHE LESSONS: builds them, what it cost is in NAME.cost
measure() { cost "$1" "$vidgen" build -q "$3" -o "out-$2" --set cache.dir="$dir/cache-$2"; }

many() {
    echo "many: $many lessons of 5 sections beside $few"
    lessons lessons-many "$many" 5 0.3
    lessons lessons-few "$few" 5 0.3
    measure many-cold many lessons-many
    measure few-cold few lessons-few
    measure many-known many lessons-many
    measure few-known few lessons-few
    line "made: memory at $many lessons against $few" "$(calc "$(of many-cold kb) / $(of few-cold kb)")" 1.10 x
    line "up to date: memory at $many lessons against $few" "$(calc "$(of many-known kb) / $(of few-known kb)")" 1.10 x
    line "up to date: $many lessons, wall" "$(of many-known s)" 2 s
    echo "  (CPU of that $(of many-known cpu) s; made: $(of many-cold kb) kB, $(of few-cold kb) kB; a lesson: $(calc "($(of many-cold kb) - $(of few-cold kb)) / ($many - $few)") kB)"
}

long() {
    echo "long: a lesson of $long s beside one of $short s, sections of 20 s"
    lessons lesson-long 1 $((long / 20)) 20
    lessons lesson-short 1 $((short / 20)) 20
    measure long long lesson-long
    measure short short lesson-short
    line "memory of the long lesson against the short one" "$(calc "$(of long kb) / $(of short kb)")" 1.10 x
    echo "  ($(of long kb) kB, $(of short kb) kB; $(of long s) s, $(of short s) s)"
}

for part in ${*:-many long}; do
    case $part in many | long) $part ;; *) echo "$part: no such part"; exit 2 ;; esac
done
finish
