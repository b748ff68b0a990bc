import { describe, expect, it } from 'vitest';
import { EXIT_CODES } from '../../../src/commands/exit-codes.ts';
import { describeCommand, flatten } from '../../../src/commands/program/describe-command.ts';
import { renderCommandGuide } from '../../../src/commands/program/guide.ts';
import { renderHelp, usageOf } from '../../../src/commands/program/help.ts';
import { telltale } from '../../../src/commands/telltale.ts';
import { runCommand } from '../../support/run-command.ts';

const described = await describeCommand(telltale);
const commands = flatten(described);
const runnable = commands.filter(({ commands }) => commands.length === 0);

describe('docs/cli.md', () => {
  it('is made from the commands', async () => {
    await expect(renderCommandGuide(described)).toMatchFileSnapshot('../../../docs/cli.md');
  });
});

describe('telltale --help', () => {
  it.each(commands.map((command) => [`telltale ${command.path.join(' ')}`, command] as const))(
    'shows all of %s, in lines that fit a terminal',
    (_, command) => {
      const help = renderHelp(command);
      expect(help).toContain(`Usage: ${usageOf(command)}\n`);
      expect(help).toContain('Examples:\n');
      for (const { name, description } of command.flags) {
        expect(help).toContain(`--${name}`);
        expect(description, `--${name} has no description`).not.toBe('');
      }
      for (const { path } of command.commands) expect(help).toContain(`\n  ${path.at(-1)} `);
      // An example is one line to copy, of any length.
      const lines = help.split('\n').filter((line) => !/^ {2}\S*(?:telltale|=)/.test(line));
      for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(100);
      expect(command.description).toMatch(/^[A-Z].*\.$/s);
    },
  );

  it.each(runnable.map((command) => [`telltale ${command.path.join(' ')}`, command] as const))(
    'has examples of %s that its declaration accepts',
    async (name, { examples, flags, arguments: positional }) => {
      expect(examples.length, `${name} has no examples`).toBeGreaterThan(0);
      for (const [line] of examples) {
        expect(line).toContain(name);
        const words = line.slice(line.indexOf(name) + name.length).split(/[|>]/)[0] ?? '';
        const given = words.trim().split(/\s+/).filter(Boolean);
        for (const word of given.filter((text) => text.startsWith('--'))) {
          const [flag = '', value] = word.slice(2).split('=');
          const declared = flags.find((candidate) => candidate.name === flag);
          expect(declared, `${line}: ${word}`).toBeDefined();
          expect(value === undefined, `${line}: ${word}`).toBe(declared?.value === null);
        }
        const values = given.filter((text) => !text.startsWith('--'));
        const least = positional.filter(({ isRequired }) => isRequired).length;
        expect(values.length, line).toBeGreaterThanOrEqual(least);
        expect(values.length, line).toBeLessThanOrEqual(positional.length);
      }
    },
  );

  it('is printed for the program, a group and a command, regardless of other arguments', async () => {
    const [all, group, command] = await Promise.all(
      [
        described,
        commands.find(({ path }) => path.join(' ') === 'keys'),
        commands.find(({ path }) => path.join(' ') === 'keys create'),
      ].map(async (found) => (found === undefined ? '' : renderHelp(found))),
    );
    expect(await runCommand(['--help'])).toEqual({ code: 0, stdout: all, stderr: '' });
    expect(await runCommand(['keys', '-h'])).toEqual({ code: 0, stdout: group, stderr: '' });
    expect((await runCommand(['keys', 'create', '--nonsense', '--help'])).stdout).toBe(command);
  });

  it('names a command that does not exist', async () => {
    const { code, stderr } = await runCommand(['key', '--help']);
    expect({ code, stderr }).toEqual({
      code: EXIT_CODES.usage,
      stderr: expect.stringContaining('telltale has no command "key". Did you mean keys?'),
    });
  });
});

describe('telltale --version', () => {
  it.each(['--version', '-v'])('prints the version for %s', async (flag) => {
    expect((await runCommand([flag])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
