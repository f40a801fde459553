# expect.sh - a command, its exit code and a text that it must say; sourced before the script leaves its directory
bad=0
say_bad() { echo "not so: $1"; bad=1; }
# NAME, EXPECTED EXIT CODE, TEXT THAT stdout AND stderr TOGETHER MUST HOLD (or ""), COMMAND...
expect() {
    name=$1 want=$2 text=$3
    shift 3
    timeout 20 "$@" >out 2>&1 </dev/null
    got=$?
    [ "$got" = "$want" ] || { say_bad "$name: exit code $got, want $want"; cat out; }
    [ -z "$text" ] || grep -qF -- "$text" out || { say_bad "$name: no \"$text\""; cat out; }
}
