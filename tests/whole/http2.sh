#!/bin/sh
# http2.sh - requests to a host that speaks HTTP/2 share a connection, and a host that nobody vouches for gets none
. "$(dirname "$0")/../support/whole.sh"
if ! command -v nghttpd >/dev/null 2>&1 || ! command -v openssl >/dev/null 2>&1; then
    echo "5 checks of HTTP/2 skipped: nghttpd and openssl are not both installed"
    exit 77
fi
SECTIONS=60

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=vidgen \
    -addext "subjectAltName=IP:127.0.0.1" 2>/dev/null || say_bad "a certificate"
mkdir -p site/v1/audio
{ printf 'RIFF\044\010\000\000WAVEfmt '; head -c 2048 /dev/zero; } >site/v1/audio/speech

# A port that is free; nghttpd does not tell which one it has taken.
port=20000
while :; do
    port=$((port + 1 + $$ % 97))
    nghttpd -v -a 127.0.0.1 -d site "$port" key.pem cert.pem >seen 2>&1 &
    server=$!
    until grep -q listen seen || ! kill -0 "$server" 2>/dev/null; do sleep 0.02; done
    grep -q "listen 127.0.0.1:$port" seen && break
    [ "$port" -lt 60000 ] || { say_bad "no port is free"; finish; }
done

export OPENAI_API_KEY=test-key-3f8a
cat >config.yaml <<YAML
providers:
  speech: openai-speech
  openai-speech: {base: "https://127.0.0.1:$port/v1", concurrency: 1000}
YAML
awk -v n="$SECTIONS" 'BEGIN {
    printf "{\"title\": \"Two\", \"sections\": ["
    for (i = 1; i <= n; i++) printf "%s{\"narration\": \"Sentence %d.\", \"background\": \"#000000\"}", (i > 1 ? "," : ""), i
    print "]}"
}' >two.json

run "nobody vouches for it" 5 "$vidgen" fetch --unchecked --set workers.requests=64 --set limits.attempts=1 --set cache.dir="$dir/cache0" two.json
has "why" out "is not trusted"
same "requests without trust" 0 "$(grep -c ':method: POST' seen)"

SSL_CERT_FILE=$dir/cert.pem
export SSL_CERT_FILE
wc -c <seen >seen.at
run "60 requests at once" 0 "$vidgen" fetch --unchecked --set workers.requests=64 --set cache.dir="$dir/cache" two.json
tail -c "+$(($(cat seen.at) + 1))" seen >then
same "requests" "$SECTIONS" "$(grep -c ':method: POST' then)"
same "connections that carried them" 1 "$(grep ':method: POST' -B40 then | sed -n 's/^\[id=\([0-9]*\)\].*recv.*/\1/p' | sort -u | wc -l)"
finish
