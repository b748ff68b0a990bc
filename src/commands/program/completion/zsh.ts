import { type DescribedCommand, type DescribedFlag, flatten } from '../describe-command.ts';
import { quote, shortly, startOf } from './words.ts';

/** The script for zsh. A word that is not a flag may be a file. */
export function renderZsh(telltale: DescribedCommand): string {
  const commands = flatten(telltale);
  const steps = commands.flatMap(({ path }) =>
    path.length === 0 ? [] : [quote(`${path.slice(0, -1).join(' ')} ${path.at(-1)}`)],
  );
  const cases = commands.map(({ path, commands: below, flags }) => {
    const at = `    (${quote(path.join(' '))})`;
    if (below.length === 0) {
      const specs = [...flags.map(spec), quote('--help[Print the help]'), quote('*:file:_files')];
      return `${at} _arguments ${specs.join(' ')} ;;`;
    }
    const names = below.map(({ path: of, description }) =>
      quote(`${of.at(-1)}:${shortly(description).replaceAll(':', '\\:')}`),
    );
    return `${at} commands=(${names.join(' ')}); _describe command commands ;;`;
  });
  return `#compdef telltale
# Completion of telltale for zsh: source <(telltale completion zsh)
_telltale() {
  local -a commands
  local at='' word
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$at $word" in
      (${steps.join(' | ')}) at="\${at:+$at }$word" ;;
    esac
  done
  case "$at" in
${cases.join('\n')}
  esac
}
# As a file in fpath it is the body of the function; else it was sourced.
if [[ $funcstack[1] == _telltale ]]; then _telltale "$@"; else compdef _telltale telltale; fi
`;
}

function spec(flag: DescribedFlag): string {
  const about = shortly(flag.description).replace(/[[\]\\]/g, '\\$&');
  if (flag.value === null) return quote(`${startOf(flag)}[${about}]`);
  const values = flag.options.length > 0 ? `(${flag.options.join(' ')})` : '_files';
  return quote(`${startOf(flag)}[${about}]:${flag.name}:${values}`);
}
