// The scripts that shells load for completion. Each asks us for the words that may stand at the cursor; where we know
// none, the shell offers files.

export type Shell = "bash" | "zsh" | "fish";
export const shells: readonly Shell[] = ["bash", "zsh", "fish"];

/** The shell of an environment, by `SHELL`; bash where that is none of ours. */
export function shellOf(path: string | undefined): Shell {
  const name = path?.slice(path.lastIndexOf("/") + 1);
  return shells.find(each => each === name) ?? "bash";
}

/** What the scripts call us with, followed by the words typed so far. */
export const COMPLETE = "--get-yargs-completions";

export function completionScript(shell: Shell): string {
  switch (shell) {
    case "bash":
      return BASH;
    case "zsh":
      return ZSH;
    case "fish":
      return FISH;
  }
}

// bash breaks words at = : @ as well and replaces only the last part: the words are split again, and of an answer what
// stands before that part is taken off.
const BASH = `# bash completion of tightunit: eval "$(tightunit completion bash)"
_tightunit() {
  local line=\${COMP_LINE:0:COMP_POINT} current prefix answer
  local -a words
  read -ra words <<<"\${line//\\\\/\\\\\\\\}"
  [[ $line == *[[:space:]] ]] && words+=("")
  current=\${words[\${#words[@]} - 1]}
  prefix=\${current%"\${current##*[=:@]}"}
  COMPREPLY=()
  while IFS= read -r answer; do
    answer=\${answer#"$prefix"}
    [[ $answer == *[=/,] ]] && compopt -o nospace 2>/dev/null
    COMPREPLY+=("$(printf %q "$answer")")
  done < <(tightunit ${COMPLETE} "\${words[@]}" 2>/dev/null)
}
complete -o bashdefault -o default -F _tightunit tightunit
`;

const ZSH = `#compdef tightunit
# zsh completion of tightunit: eval "$(tightunit completion zsh)", or this as _tightunit in a folder of $fpath
_tightunit() {
  local -a answers
  answers=("\${(@f)$(tightunit ${COMPLETE} "\${(@Q)words[1,CURRENT]}" 2>/dev/null)}")
  answers=("\${(@)answers:#}")
  if (( \${#answers} )); then
    compadd -Q -- "\${(@q)answers}"
  else
    _files
  fi
}
if [[ $funcstack[1] == _tightunit ]]; then
  _tightunit "$@"
else
  compdef _tightunit tightunit
fi
`;

const FISH = `# fish completion of tightunit: tightunit completion fish | source
function __tightunit_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l answers (tightunit ${COMPLETE} $words 2>/dev/null)
    if test (count $answers) -gt 0
        printf '%s\\n' $answers
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c tightunit -f -a '(__tightunit_complete)'
`;
