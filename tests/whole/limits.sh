# docs/limits.md says what the code says: each key's default, each constant's value, and tests that are there; no key of limits is left out.
set -u
cd "$(dirname "$0")/../.."
page=docs/limits.md
bad=0
say_bad() { echo "not so: $1"; bad=1; }
bytes() { echo "$1" | sed 's/ KiB$/ << 10/; s/ MiB$/ << 20/; s/ GiB$/ << 30/'; }

# CONSTANT FILE: what stands after its "=", without the comma
constant() { sed -n "s/.*[^A-Za-z_]$1 *= *\([^,}]*[^,} ]\).*/\1/p" "$2" | head -1; }
# BLOCK KEY: as config.yaml has it
setting() { awk -v block="$1:" -v key="$2:" '$1 == block { in_it = 1; next } /^[^ #]/ { in_it = 0 } in_it && $1 == key { sub(/^ *[a-z_]*: */, ""); sub(/ *#.*/, ""); print; exit }' config.yaml; }

grep '^| ' "$page" | grep -v -e '^| what' -e '^| ---' >/dev/null || say_bad "the page has rows"
while IFS='|' read -r _ what limit by tests _; do
    case $what in ' what '|' --- '|'') continue ;; esac
    what=$(echo $what) limit=$(echo $limit) by=$(echo $by)
    name=${by#\`} && name=${name%%\`*}
    case $name in
    *.c|*.h)
        got=$(constant "${by##* }" "$name")
        [ -n "$got" ] && [ "$(($(bytes "$got")))" = "$(($(bytes "$limit")))" ] || say_bad "$what: $limit; $name says ${by##* } is \"$got\"" ;;
    *)
        got=$(setting "${name%%.*}" "${name#*.}")
        [ "$got" = "$limit" ] || say_bad "$what: $limit; config.yaml says $name is \"$got\"" ;;
    esac
    # `suite` test, `suite` "words", or a whole suite
    echo "$tests" | tr ',' '\n' | while read -r t; do
        suite=${t#\`} && suite=${suite%%\`*} test=${t##*\` }
        [ "$test" = "$t" ] && test=""
        test=$(echo "$test" | tr -d '"')
        cat "tests/unit/$suite.c" "tests/whole/$suite.sh" 2>/dev/null | grep -qF -- "$test" || echo "$what: no test \"$test\" in $suite"
    done >missing.$$
    [ ! -s missing.$$ ] || say_bad "$(cat missing.$$)"
    rm -f missing.$$
done <<ROWS
$(grep '^| ' "$page")
ROWS
for key in $(awk '/^limits:/ { in_it = 1; next } /^[^ #]/ { in_it = 0 } in_it && /^  [a-z]/ { sub(/:.*/, ""); print $1 }' config.yaml); do
    grep -q "\`limits.$key\`" "$page" || say_bad "limits.$key has a row"
done
exit $bad
