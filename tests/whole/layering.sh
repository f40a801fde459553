# An include goes downward only, api and compose never meet, and each library has one home.
set -eu
cd "$(dirname "$0")/../.."
bad=0
refuse() { # folder, pattern of includes it must not have, reason
    if grep -rnE "^#include \"($2)" "$1" --include='*.[ch]'; then echo "  ^ $3"; bad=1; fi
}
refuse gen/base 'gen/[^b]|api/|compose/|cmd/' 'gen/base knows nothing of vidgen'
refuse gen 'api/|compose/|cmd/' 'gen is below api, compose and cmd'
refuse api 'compose/|cmd/' 'api never meets compose'
refuse compose 'api/|cmd/' 'compose never meets api'
home() { # header pattern, files that may include it
    if grep -rlE "^#include <($1)" gen api compose cmd --include='*.[ch]' | grep -vE "^($2)"; then echo "  ^ <$1> outside $2"; bad=1; fi
}
home 'curl/' 'api/http_[a-z]*\.[ch]'
home 'cjson/' 'gen/base/json[a-z_]*\.c'
home 'yaml\.h' 'gen/base/yaml\.c'
home 'sqlite3\.h' 'gen/store/'
home 'openssl/' 'gen/base/digest\.c'
home 'lib(av|sw)' 'compose/'
home 'espeak' 'compose/'
home 'pango|cairo|librsvg|lcms2' 'compose/'
exit $bad
