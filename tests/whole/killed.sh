# Killed at random moments and right after answers, again and again: bought again is what was in flight at a kill and nothing else,
# nothing at all where the service knows keys, and no job whose id had come; the films are those of a quiet run. See tests/tools/killer.c;
# KILLS=2000 SEED=7 is what `make torture-kill` can ask for.
. "$(dirname "$0")/../support/whole.sh"

port=1
config openai-image openai-speech
timeout -k 60 "$((60 + ${KILLS:-6} * 10))" "$whole_build/tools/killer" --vidgen "$vidgen" --dir "$dir" --kills "${KILLS:-6}" --seed "${SEED:-1}" >said 2>&1 ||
    say_bad "kills leave everything as it should be"
[ $bad -eq 0 ] && [ -z "${KILLS:-}" ] || cat said
finish
