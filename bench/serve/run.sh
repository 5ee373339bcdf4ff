#!/bin/sh
# Starts ./fastai4j serve, and tells how soon it is ready and how fast it answers.
# usage: bench/serve/run.sh [MODEL]
set -eu
root=$(CDPATH='' cd -P -- "$(dirname -- "$0")/../.." && pwd)
port=${PORT:-8765}
url=http://127.0.0.1:$port/
now() { date +%s%N; }

"$root/fastai4j" --version >/dev/null # built, if it was not
log=$(mktemp)
begun=$(now)
"$root/fastai4j" serve "$@" --port "$port" >"$log" 2>&1 &
pid=$!
trap 'kill "$pid" 2>/dev/null || :; rm -f "$log"' EXIT
until grep -q Serving "$log"; do
  kill -0 "$pid" 2>/dev/null || { cat "$log" >&2; exit 1; }
  sleep 0.01
done
echo "ready after $((($(now) - begun) / 1000000)) ms"
java "$root/bench/serve/Load.java" "$url" 1 5
java "$root/bench/serve/Load.java" "$url" 50 10 1000
java "$root/bench/serve/Load.java" "$url" 50 10 2000
java "$root/bench/serve/Load.java" "$url" 50 10
