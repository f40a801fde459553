#!/bin/sh
# render.sh - speed as ratios: how many times real time pieces are rendered, what drawing costs against x264
set -eu
cd "$(dirname "$0")/../.."
build=${BUILD:-build}
make -j2 tools >/dev/null
for preset in ${PRESETS:-balanced draft}; do
    "$build/tools/bench_render" "${SECTIONS:-10}" "${THREADS:-$(getconf _NPROCESSORS_ONLN)}" "$preset"
done

