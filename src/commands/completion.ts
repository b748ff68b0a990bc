import { UsageError } from './import/options.ts';
import { renderBash } from './program/completion/bash.ts';
import { renderFish } from './program/completion/fish.ts';
import { renderZsh } from './program/completion/zsh.ts';
import { type Command, defineCommand } from './program/define-command.ts';
import { type DescribedCommand, describeCommand } from './program/describe-command.ts';

const SHELLS: Readonly<Record<string, (telltale: DescribedCommand) => string>> = {
  bash: renderBash,
  zsh: renderZsh,
  fish: renderFish,
};

/**
 * `telltale completion bash`: a script that lets a shell complete commands and flags.
 *
 * @param root returns the program, of which this command is a part
 */
export const createCompletion = (root: () => Command) =>
  defineCommand({
    meta: {
      name: 'completion',
      description: 'Print a script that lets a shell complete commands, flags and their values.',
    },
    args: {
      shell: {
        type: 'positional',
        description: `The shell: ${Object.keys(SHELLS).join(', ')}`,
        required: true,
      },
    },
    examples: [
      [
        'source <(telltale completion bash)',
        'Enable completion in this shell; add the line to ~/.bashrc to keep it',
      ],
      ['telltale completion zsh > ~/.zfunc/_telltale', 'Install it for zsh, in a folder of fpath'],
      ['telltale completion fish > ~/.config/fish/completions/telltale.fish', 'Install it for fish'],
    ],
    async run({ args: { shell } }) {
      const render = Object.hasOwn(SHELLS, shell) ? SHELLS[shell] : undefined;
      if (render === undefined) {
        throw new UsageError(`The shell must be ${Object.keys(SHELLS).join(', ')}, not ${shell}.`);
      }
      process.stdout.write(render(await describeCommand(root())));
    },
  });
