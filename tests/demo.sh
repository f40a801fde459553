#!/bin/sh
# demo.sh - a finished video from lesson 1 of the course, with the built-in providers: no key, no network
set -eu
cd "$(dirname "$0")/.."
./vidgen build --image slide --speech espeak --output out examples/vlsi/01-mosfet.json
echo "the video: $PWD/out/01-mosfet.mp4"
