# What shells complete: commands, options, and the words of lessons and settings that no table knows, in real shells.
. "$(dirname "$0")/../support/whole.sh"
need bash
export PATH="$(dirname "$vidgen"):$PATH"
cat >c.json <<'JSON'
{ "title": "T", "sections": [ { "id": "intro", "narration": "a", "slide": { "heading": "A" } },
                              { "id": "outro", "narration": "b", "slide": { "heading": "B" } } ] }
JSON
echo '{ "title": "broken", "sections": [ { "id": "still-there", "narration": 5 } ] }' >broken.json
"$vidgen" completion bash >bash.sh
# WORDS...: what bash offers for the last one
offers() {
    bash -c '. ./bash.sh; compopt() { :; }; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _vidgen; printf "%s\n" "${COMPREPLY[@]}" | paste -sd" "' bash "$@" 2>&1
}
same "a command" "preview" "$(offers vidgen prev)"
same "an option" "--only=" "$(offers vidgen build --onl)"
same "sections of the lesson that is named" "intro outro" "$(offers vidgen build c.json --only "")"
same "by their beginning" "outro" "$(offers vidgen build c.json --only ou)"
same "after a comma" "intro,outro" "$(offers vidgen build c.json --only intro,o)"
same "behind an equals sign" "intro outro" "$(offers vidgen build c.json --only = "")"
same "also of a preview" "intro" "$(offers vidgen preview c.json --section in)"
same "of a lesson with mistakes" "still-there" "$(offers vidgen build broken.json --only st)"
same "of no lesson" "" "$(offers vidgen build missing.json --only "")"
same "providers of speech" "openai-speech" "$(offers vidgen build c.json --speech openai-s)"
same "and those built in" "espeak" "$(offers vidgen build c.json --speech espe)"
same "of pictures" "openai-image" "$(offers vidgen build --image openai-i)"
run "effects, one a line" 0 "$vidgen" completion effects
has "with their names" out "ken-burns"
if command -v zsh >/dev/null 2>&1; then
    "$vidgen" completion zsh >_vidgen
    run "zsh reads its completion" 0 zsh -n _vidgen
    cat >z.zsh <<'ZSH'
compset() { :; }
compadd() { print -l -- ${(P)2}; }
eval "$(sed -n '/^_vidgen_words() {/,/^}/p' _vidgen)"
_vidgen_program=vidgen _vidgen_given=(c.json --only '')
_vidgen_words sections
ZSH
    same "zsh has the sections" "intro outro" "$(zsh -f z.zsh 2>&1 | paste -sd' ')"
fi
if command -v fish >/dev/null 2>&1; then
    "$vidgen" completion fish >fish.fish
    same "fish has the sections" "intro outro" "$(fish -N -c 'source fish.fish; complete -C "vidgen build c.json --only "' 2>&1 | cut -f1 | paste -sd' ')"
    same "and the providers" "espeak" "$(fish -N -c 'source fish.fish; complete -C "vidgen build c.json --speech espe"' 2>&1 | cut -f1 | paste -sd' ')"
fi
finish
