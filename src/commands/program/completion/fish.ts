import { type DescribedCommand, type DescribedFlag, flatten } from '../describe-command.ts';
import { shortly } from './words.ts';

/** The script for fish. A flag without a list of values completes to names of files. */
export function renderFish(telltale: DescribedCommand): string {
  const lines = flatten(telltale).flatMap((command) => {
    const condition = `-n ${quote(`__telltale_at ${command.path.join(' ')}`.trim())}`;
    return [
      ...command.commands.map(
        ({ path, description }) =>
          `complete -c telltale ${condition} -f -a ${path.at(-1)} -d ${quote(shortly(description))}`,
      ),
      ...command.flags.map((flag) => `complete -c telltale ${condition} ${flagOf(flag)}`),
    ];
  });
  const steps = flatten(telltale).flatMap(({ path }) =>
    path.length === 0 ? [] : [quote([...path.slice(0, -1), path.at(-1)].join(' '))],
  );
  return `# Completion of telltale for fish: telltale completion fish | source
function __telltale_at --description 'Whether these words name the command that is typed'
    set -l at
    for word in (commandline -opc)[2..-1]
        if contains -- (string join ' ' $at $word) ${steps.join(' ')}
            set at $at $word
        end
    end
    test "$at" = "$argv"
end
complete -c telltale -l help -s h -d 'Print the help'
complete -c telltale -n __telltale_at -l version -s v -d 'Print the version'
${lines.join('\n')}
`;
}

function flagOf({ name, value, options, description }: DescribedFlag): string {
  const values = value === null ? '' : options.length > 0 ? ` -x -a ${quote(options.join(' '))}` : ' -r';
  return `-l ${name}${values} -d ${quote(shortly(description))}`;
}

/** fish's rules: within single quotes, \\ and ' are escaped. */
const quote = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;
