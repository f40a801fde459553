#!/bin/sh
# A job of vidgen's in, a picture of stable-diffusion.cpp out. Needs jq and sd.
set -eu
job=$(cat)
get() { printf '%s' "$job" | jq -r "$1"; }
sd --model "$(get .params.weights)" --steps "$(get .params.steps)" --cfg-scale 1 \
    --width "$(get .width)" --height "$(get .height)" --seed "$(get '.seed // 42')" \
    --prompt "$(get .prompt)" --negative-prompt "$(get '.negative // ""')" \
    --output "$(get .path).png" >&2
mv "$(get .path).png" "$(get .path)"
