#!/usr/bin/env bash
# What action.yml runs. Inputs come in as environment variables and are never part of a command line's text; each goes to
# the tool as one word that cannot become an option.
set -euo pipefail

fail() {
  printf '::error title=tightunit::%s\n' "$1"
  exit 2
}

# One line, or it could say things to the runner that nobody wrote.
for name in TIGHTUNIT_SYSTEMD TIGHTUNIT_MAX_EXPOSURE TIGHTUNIT_CONFIG TIGHTUNIT_AGAINST TIGHTUNIT_SARIF TIGHTUNIT_PACKAGE; do
  case ${!name-} in
    *[[:cntrl:]]*) fail "the input of $name has to be one line" ;;
  esac
done

if [[ -n ${TIGHTUNIT_COMMAND-} ]]; then
  tool=("$TIGHTUNIT_COMMAND")
else
  { command -v node && command -v npm; } >/dev/null || fail 'Node 20.19 or newer is needed; set it up in a step before'
  home=$(mktemp -d "${RUNNER_TEMP:-/tmp}/tightunit-XXXXXX")
  quiet=(--no-audit --no-fund --silent)
  package=${TIGHTUNIT_PACKAGE-}
  if [[ -z $package ]]; then
    # The source that this script is of, in a copy: the checkout stays as it is. No script of a package runs.
    source=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
    for part in package.json package-lock.json bin rules src fixtures/cli; do
      mkdir -p "$home/$(dirname "$part")"
      cp -R "$source/$part" "$home/$part"
    done
    (cd "$home" && npm ci --ignore-scripts "${quiet[@]}" && node bin/dev/build.js --quick) >&2 ||
      fail 'tightunit cannot be built from the source of the action'
    tool=(node "$home/bin/tightunit.js")
  else
    [[ $package =~ ^(tightunit@[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?|(\./|/|https://)[^[:space:]]+\.tgz)$ ]] ||
      fail 'package has to be exact, such as tightunit@0.1.0, or a tarball: ./FILE.tgz, /FILE.tgz, https://HOST/FILE.tgz'
    # npm would count a relative path from where it installs to.
    [[ $package != ./* ]] || package=$PWD/${package#./}
    npm install --prefix "$home" --ignore-scripts "${quiet[@]}" "$package" >&2 ||
      fail 'the package cannot be installed'
    tool=(node "$home/node_modules/tightunit/bin/tightunit.js")
  fi
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
