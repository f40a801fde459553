# Requests that the descriptions really make, replayed to mocks of the services' own OpenAPI descriptions (tests/contract).
set -u
build=${BUILD:-build}
case $build in /*) ;; *) build=$PWD/$build ;; esac
contract=$PWD/tests/contract
home=$PWD/build/contract                        # one for all builds
skip() { echo "$1"; exit 77; }

command -v node >/dev/null 2>&1 || skip "node is not there"
command -v npm >/dev/null 2>&1 || skip "npm is not there"
node -e 'process.exit(+process.versions.node.split(".")[0] >= 18 ? 0 : 1)' || skip "node is older than 18"
mkdir -p "$home"
prism=$home/node_modules/@stoplight/prism-cli/dist/index.js
if ! cmp -s "$contract/package-lock.json" "$home/installed" || [ ! -f "$prism" ]; then
    cp "$contract/package.json" "$contract/package-lock.json" "$home/"
    (cd "$home" && timeout 300 npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) >"$home/npm.log" 2>&1 ||
        skip "prism cannot be installed: $(grep -v '^npm warn' "$home/npm.log" | head -1)"
    cp "$contract/package-lock.json" "$home/installed"
fi
CONTRACT_OUT=$home/requests.jsonl "$build/tests/providers" >"$home/providers.log" 2>&1 || { cat "$home/providers.log"; exit 1; }
timeout 120 node "$contract/replay.mjs" "$home/requests.jsonl" "$contract/openapi" "$prism"
