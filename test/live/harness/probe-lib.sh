# Loaded before every script that runs inside a boot. The last step printed is the one that failed.
set -eu
step() { printf -- '--- %s\n' "$*"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }
# retry SECONDS COMMAND…: until it succeeds.
retry() {
  local end=$((SECONDS + $1)); shift
  until "$@"; do
    [ "$SECONDS" -lt "$end" ] || fail "still failing: $*"
    sleep 0.1
  done
}
# same EXPECTED ACTUAL
same() { [ "$1" = "$2" ] || fail "expected '$1', got '$2'"; }
# holds TEXT PATTERN: the text has a line that matches.
holds() { grep -qE -- "$2" <<<"$1" || fail "no '$2' in: $(head -c 600 <<<"$1")"; }
# fileholds FILE PATTERN
fileholds() { grep -qE -- "$2" "$1" || fail "no '$2' in $1: $(tail -n 5 "$1" 2>&1)"; }
# port NUMBER: waits until something listens.
port() { retry 20 nc -z 127.0.0.1 "$1"; }
# active UNIT: waits until it is.
active() { retry 30 systemctl --quiet is-active "$1"; }
# steady UNIT: its main process survived since `mainpid`.
mainpid() { systemctl show -P MainPID "$1"; }
trap 'code=$?; [ "$code" -eq 0 ] || printf "FAILED with %s at line %s: %s\n" "$code" "$LINENO" "$BASH_COMMAND" >&2' EXIT
