# The documentation says what the program does: tables are up to date, keys are named, examples are accepted.
set -u
cd "$(dirname "$0")/../.."
vidgen=${VIDGEN:-$PWD/vidgen}
root=$PWD
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT
export HOME="$dir" XDG_CONFIG_HOME="$dir/.config" XDG_CACHE_HOME="$dir/.cache"
bad=0
say_bad() { echo "not so: $1"; bad=1; }

VIDGEN=$vidgen sh docs/update.sh --check || bad=1

# Every key of a description has its row. The keys stand in api/description.h.
for key in $(sed -n 's/.*The 16 keys (\([a-z ]*\)).*/\1/p' api/description.h); do
    grep -q "^| .*\`$key\`" docs/providers.md || say_bad "docs/providers.md has no row for the key $key"
done

# Fenced examples: lessons are checked, settings are read, descriptions are loaded.
for page in README.md docs/*.md; do
    name=$(basename "$page" .md)
    awk -v out="$dir/$name" '
        /^```(json|yaml)$/ { kind = substr($0, 4); file = out "-" ++n "." kind; next }
        /^```$/ { kind = "" }
        kind { print > file }' "$page"
done
cd "$dir"
for f in *.json; do
    [ -f "$f" ] || continue
    "$vidgen" check "$f" >out 2>&1 || { say_bad "an example of a lesson is right ($f)"; cat out; }
done
for f in *.yaml; do
    [ -f "$f" ] || continue
    if grep -q '^id:' "$f"; then
        rm -rf own && mkdir -p own/providers
        cp "$f" "own/providers/$(sed -n 's/^id: *//p' "$f").yaml"
        : >own/config.yaml
        "$vidgen" list providers --config own/config.yaml >out 2>&1 || { say_bad "an example of a description is right ($f)"; cat out; }
    elif grep -q '^prices:' "$f"; then
        rm -rf own && mkdir own && cp "$f" own/prices.yaml
        : >own/config.yaml
        "$vidgen" list providers --config own/config.yaml >out 2>&1 || { say_bad "an example of prices is right ($f)"; cat out; }
    else
        "$vidgen" config --config "$f" >out 2>&1 || { say_bad "an example of settings is right ($f)"; cat out; }
    fi
done
ls ./*.json ./*.yaml >/dev/null 2>&1 || say_bad "the pages have examples"

# What the README names exists.
for path in $(grep -o '](\(docs\|examples\|api\)/[^)#]*' "$root/README.md" | cut -c3-); do
    [ -e "$root/$path" ] || say_bad "README.md points to $path"
done
exit $bad
