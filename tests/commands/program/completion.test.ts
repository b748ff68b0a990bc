import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { EXIT_CODES } from '../../../src/commands/exit-codes.ts';
import { renderBash } from '../../../src/commands/program/completion/bash.ts';
import { renderFish } from '../../../src/commands/program/completion/fish.ts';
import { renderZsh } from '../../../src/commands/program/completion/zsh.ts';
import {
  type DescribedCommand,
  describeCommand,
  flatten,
} from '../../../src/commands/program/describe-command.ts';
import { telltale as program } from '../../../src/commands/telltale.ts';
import { runCommand } from '../../support/run-command.ts';

const has = (shell: string): boolean => spawnSync(shell, ['--version']).error === undefined;
const run = async (shell: string, ...args: string[]): Promise<string> =>
  (await promisify(execFile)(shell, args)).stdout;

const command = (path: string[], more: Partial<DescribedCommand> = {}): DescribedCommand => ({
  ...{ path, description: `What ${path.join(' ')} does: it's shown. More.` },
  ...{ arguments: [], flags: [], examples: [], commands: [], ...more },
});
const flag = (name: string, value: string | null, options: string[] = []) => ({
  ...{ name, value, options, isRequired: false, description: `A [flag]'s "$(false)": text.`, default: null },
});
const telltale = command([], {
  commands: [
    command(['serve'], { flags: [flag('port', 'PORT'), flag('quiet', null)] }),
    command(['keys'], {
      commands: [
        command(['keys', 'create'], { flags: [flag('form', 'csv|jsonl', ['csv', 'jsonl'])] }),
        command(['keys', 'list']),
      ],
    }),
  ],
});

describe.skipIf(!has('bash'))('the completion of bash', () => {
  it.each([
    [['telltale', ''], 'serve keys --help --version'],
    [['telltale', 'k'], 'keys'],
    [['telltale', 'keys', ''], 'create list --help'],
    [['telltale', 'serve', '--p'], '--port='],
    [['telltale', 'serve', '--quiet', '--'], '--port= --quiet --help'],
    // bash splits at the "=".
    [['telltale', 'keys', 'create', '--form', '='], 'csv jsonl'],
    [['telltale', 'keys', 'create', '--form', '=', 'j'], 'jsonl'],
    // Then bash offers files.
    [['telltale', 'serve', '--port', '=', ''], ''],
    [['telltale', 'keys', 'create', 'fi'], ''],
  ])('completes %j', async (words, expected) => {
    const given = words.map((word) => `'${word}'`).join(' ');
    const script = `${renderBash(telltale)}
      COMP_WORDS=(${given}); COMP_CWORD=${words.length - 1}; _telltale; echo "\${COMPREPLY[*]}"`;
    expect((await run('bash', '-c', script)).trim()).toBe(expected);
  });
});

describe.skipIf(!has('fish'))('the completion of fish', () => {
  it('offers commands, flags and values', async () => {
    const ask = (line: string) => `complete -C ${JSON.stringify(line)};`;
    const script = `${renderFish(telltale)}\n${['telltale k', 'telltale keys ', 'telltale keys create --form=', 'telltale serve --q'].map(ask).join('')}`;
    const names = (await run('fish', '--no-config', '-c', script))
      .split('\n')
      .map((line) => line.split('\t')[0]);
    expect(names.filter(Boolean)).toEqual([
      'keys',
      'create',
      'list',
      '--form=csv',
      '--form=jsonl',
      '--quiet',
    ]);
  });
});

describe.skipIf(!has('zsh'))('the completion of zsh', () => {
  it('is a script that zsh reads', async () => {
    expect(await run('zsh', '-f', '-n', '-c', renderZsh(telltale))).toBe('');
  });
});

describe('telltale completion', () => {
  it.each(['bash', 'zsh', 'fish'])('prints a script for %s with every command and flag', async (shell) => {
    const { code, stdout } = await runCommand(['completion', shell]);
    expect(code).toBe(0);

    for (const { path, flags } of flatten(await describeCommand(program))) {
      if (path.length > 0) expect(stdout).toContain(`${path.at(-1)}`);
      for (const { name } of flags) expect(stdout).toContain(shell === 'fish' ? `-l ${name} ` : `--${name}`);
    }
  });

  it('refuses other shells', async () => {
    const { code, stderr } = await runCommand(['completion', 'tcsh']);
    expect({ code, stderr }).toEqual({
      code: EXIT_CODES.usage,
      stderr: 'The shell must be bash, zsh, fish, not tcsh.\n',
    });
  });
});
