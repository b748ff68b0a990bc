import { type DescribedCommand, flatten } from '../describe-command.ts';
import { quote, wordsOf } from './words.ts';

/**
 * The script for bash. It needs no other package, and does not start `telltale` while the user
 * types. bash splits `--format=csv` into three words at the `=`.
 */
export function renderBash(telltale: DescribedCommand): string {
  const commands = flatten(telltale);
  const steps = commands.flatMap(({ path }) =>
    path.length === 0 ? [] : [quote(`${path.slice(0, -1).join(' ')} ${path.at(-1)}`)],
  );
  const words = commands.map(
    (command) => `    ${quote(command.path.join(' '))}) words=${quote(wordsOf(command).join(' '))} ;;`,
  );
  const values = commands.flatMap(({ path, flags }) =>
    flags
      .filter(({ options }) => options.length > 0)
      .map(
        ({ name, options }) =>
          `      ${quote(`${path.join(' ')} --${name}`)}) words=${quote(options.join(' '))} ;;`,
      ),
  );
  return `# Completion of telltale for bash: source <(telltale completion bash)
_telltale() {
  local cur=\${COMP_WORDS[COMP_CWORD]} at='' flag='' words='' i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$at \${COMP_WORDS[i]}" in
      ${steps.join(' | ')}) at="\${at:+$at }\${COMP_WORDS[i]}" ;;
    esac
  done
  if [[ $cur == '=' ]]; then
    flag=\${COMP_WORDS[COMP_CWORD - 1]} cur=''
  elif ((COMP_CWORD > 1)) && [[ \${COMP_WORDS[COMP_CWORD - 1]} == '=' ]]; then
    flag=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  if [[ -n $flag ]]; then
    case "$at $flag" in
${[...values, '      *) ;;'].join('\n')}
    esac
  else
    case "$at" in
${words.join('\n')}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
  if [[ \${#COMPREPLY[@]} == 1 && \${COMPREPLY[0]} == *= ]]; then compopt -o nospace 2>/dev/null; fi
}
# Where no word fits, names of files do.
complete -o default -F _telltale telltale
`;
}
