# Before the first paid call everything is known to go: encoders, formats, characters, fonts, disk, places of films, names, keys, money.
# Where something does not, the service hears nothing. (What this FFmpeg lacks and what is free are changed by a library loaded first.)
. "$(dirname "$0")/../support/whole.sh"
need curl jq cc

cat >strange.c <<'C'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
static int lacks(const char *name) { const char *l = getenv("LACKS"); return name && l && strcmp(l, name) == 0; }
const void *avcodec_find_encoder_by_name(const char *name)
{
    const void *(*real)(const char *) = (const void *(*)(const char *))dlsym(RTLD_NEXT, "avcodec_find_encoder_by_name");
    return lacks(name) ? NULL : real(name);
}
const void *av_guess_format(const char *name, const char *file, const char *type)
{
    const void *(*real)(const char *, const char *, const char *) =
        (const void *(*)(const char *, const char *, const char *))dlsym(RTLD_NEXT, "av_guess_format");
    return lacks(name) ? NULL : real(name, file, type);
}
int statvfs(const char *path, struct statvfs *s)
{
    int (*real)(const char *, struct statvfs *) = (int (*)(const char *, struct statvfs *))dlsym(RTLD_NEXT, "statvfs");
    int r = real(path, s);
    if (r == 0 && getenv("FREE_MB"))
        s->f_bavail = strtoul(getenv("FREE_MB"), NULL, 10) * 1000000 / s->f_frsize;
    return r;
}
C
cc -shared -fPIC -o strange.so strange.c -ldl || { echo "a library cannot be made here"; exit 77; }
strange() { env LD_PRELOAD="$dir/strange.so" ASAN_OPTIONS="verify_asan_link_order=0:${ASAN_OPTIONS:-}" "$@"; }

server_start '{"widest": 200}'
config openai-image openai-speech
lesson l.json 2 Wafer
# NAME, EXIT CODE, TEXT, WHAT COMES BEFORE THE PROGRAM..., --, ARGUMENTS OF build...
unpaid() {
    unpaid_name=$1 unpaid_code=$2 unpaid_text=$3
    shift 3
    before=""
    while [ "$1" != -- ]; do before="$before $1"; shift; done
    shift
    # shellcheck disable=SC2086
    run "$unpaid_name" "$unpaid_code" $before "$vidgen" build -o videos "$@"
    has "$unpaid_name" out "$unpaid_text"
    same "$unpaid_name: what the service heard" 0 "$(stat .requests)"
}
alias_strange="env LD_PRELOAD=$dir/strange.so ASAN_OPTIONS=verify_asan_link_order=0"

unpaid "no encoder" 3 "encode.codec: this FFmpeg has no libx264" $alias_strange LACKS=libx264 -- l.json
unpaid "no encoder of sound" 3 "encode.audio_codec: this FFmpeg has no Opus encoder" $alias_strange LACKS=libopus -- --set encode.audio_codec=opus --set encode.container=mkv l.json
unpaid "no container" 3 "this FFmpeg cannot write mp4 files" $alias_strange LACKS=mp4 -- l.json
unpaid "codecs and containers that do not go together" 3 "webm" -- --set encode.container=webm l.json

lesson glyph.json 1 "$(printf 'A \363\260\200\201')"
unpaid "a character that no font has" 3 "no installed font has the character U+F0001" -- glyph.json

mkdir nofonts && echo '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>/nowhere</dir></fontconfig>' >nofonts/fonts.conf
unpaid "no font at all" 3 "no font is installed" env "FONTCONFIG_FILE=$dir/nofonts/fonts.conf" -- l.json

# Two pictures of 2 MB, two narrations of 0.5 MB and some film; 100 MiB are kept free.
unpaid "a full disk" 8 "limits.disk_reserve_bytes keeps 105 MB; nothing was bought" $alias_strange FREE_MB=109 -- l.json
unpaid "a reserve that is not there" 8 "limits.disk_reserve_bytes" -- --set "limits.disk_reserve_bytes=900 TB" l.json

: >file
unpaid "a file where the directory of films would be" 8 "not a directory" -- -o file l.json
unpaid "a directory that cannot be made" 8 "make directory" -- -o /proc/nowhere l.json
mkdir sub && cp l.json sub/
unpaid "two films of one name" 2 "would both become 'videos/l.mp4'" -- l.json sub/l.json
unpaid "the same in a directory" 2 "would both become" -- --recursive .
unpaid "a pattern that fits nothing" 8 "nothing is called so" -- 'lessons/*.json'
mkdir none
unpaid "a pattern that fits a directory without lessons" 8 "no *.json file" -- 'non*'
unpaid "a limit of money" 6 "limit" -- --max-cost 0.01 l.json
unpaid "no key" 6 "STABILITY_API_KEY" -- --image stability l.json

# And when all is well the same command buys; a pattern stands for what it fits.
mkdir lessons && mv l.json lessons/a.json && mv sub/l.json lessons/b.json && echo '{' >lessons/c.txt
run "room enough" 0 $alias_strange FREE_MB=125 "$vidgen" build -o videos 'lessons/*.json'
[ -s videos/a.mp4 ] && [ -s videos/b.mp4 ] || say_bad "a pattern names both lessons"
same "each asset of the two, which are equal, is bought once" 4 "$(stat .paid)"
finish
