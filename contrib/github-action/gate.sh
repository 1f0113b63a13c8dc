#!/usr/bin/env bash
# What action.yml runs. Inputs come in as environment variables and are never part of a command line's text; each goes to
# the tool as one word that cannot become an option.
set -euo pipefail

fail() {
  printf '::error title=tightunit::%s\n' "$1"
  exit 2
}

# One line, or it could say things to the runner that nobody wrote.
for name in TIGHTUNIT_SYSTEMD TIGHTUNIT_MAX_EXPOSURE TIGHTUNIT_CONFIG TIGHTUNIT_AGAINST TIGHTUNIT_SARIF TIGHTUNIT_VERSION; do
  case ${!name-} in
    *[[:cntrl:]]*) fail "the input of $name has to be one line" ;;
  esac
done

if [[ -n ${TIGHTUNIT_COMMAND-} ]]; then
  tool=("$TIGHTUNIT_COMMAND")
else
  { command -v node && command -v npm; } >/dev/null || fail 'Node 20.19 or newer is needed; set it up in a step before'
  [[ ${TIGHTUNIT_VERSION-} =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$ ]] || fail 'version has to be exact, such as 0.1.0'
  home=${RUNNER_TEMP:-/tmp}/tightunit-$TIGHTUNIT_VERSION
  # Nothing of the package runs while it is installed.
  npm install --prefix "$home" --ignore-scripts --no-audit --no-fund --silent "tightunit@$TIGHTUNIT_VERSION"
  tool=(node "$home/node_modules/tightunit/bin/tightunit.js")
fi

summary=$(mktemp)
trap 'rm -f "$summary"' EXIT
options=(--format github "--summary=$summary")
[[ -z ${TIGHTUNIT_SYSTEMD-} ]] || options+=("--systemd=$TIGHTUNIT_SYSTEMD")
[[ -z ${TIGHTUNIT_MAX_EXPOSURE-} ]] || options+=("--max-exposure=$TIGHTUNIT_MAX_EXPOSURE")
[[ -z ${TIGHTUNIT_CONFIG-} ]] || options+=("--config=$TIGHTUNIT_CONFIG")
[[ -z ${TIGHTUNIT_SARIF-} ]] || options+=("--report=sarif=$TIGHTUNIT_SARIF")
if [[ -n ${TIGHTUNIT_AGAINST-} ]]; then
  # A checkout has the one commit only; the revision to compare with is fetched where it is a branch of origin.
  if ! git rev-parse --verify --quiet --end-of-options "$TIGHTUNIT_AGAINST^{commit}" >/dev/null; then
    branch=${TIGHTUNIT_AGAINST#origin/}
    if [[ $branch == "$TIGHTUNIT_AGAINST" ]] || ! git check-ref-format "refs/heads/$branch"; then
      fail 'against is no revision of this checkout; fetch it in a step before, or name a branch as origin/BRANCH'
    fi
    git fetch --quiet --no-tags --depth=1 origin "+refs/heads/$branch:refs/remotes/origin/$branch" ||
      fail 'the branch that against names cannot be fetched'
  fi
  options+=("--against=$TIGHTUNIT_AGAINST")
fi

paths=()
while IFS= read -r path; do
  [[ -z $path ]] || paths+=("$path")
done <<<"${TIGHTUNIT_PATHS-}"

code=0
"${tool[@]}" gate "${options[@]}" -- "${paths[@]}" || code=$?

case $code in
  0) result=passed ;;
  1) result=failed ;;
  *) result=error ;;
esac
if [[ -n ${GITHUB_OUTPUT-} ]]; then
  printf 'result=%s\ncode=%d\n' "$result" "$code" >>"$GITHUB_OUTPUT"
  [[ -z ${TIGHTUNIT_SARIF-} || ! -s $TIGHTUNIT_SARIF ]] || printf 'sarif=%s\n' "$TIGHTUNIT_SARIF" >>"$GITHUB_OUTPUT"
fi
if [[ -n ${GITHUB_STEP_SUMMARY-} ]]; then
  cat "$summary" >>"$GITHUB_STEP_SUMMARY"
fi
exit "$code"
