import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { confirmAs } from '../../src/commands/confirm.ts';

function terminal(answer: string | null) {
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  const stdout = Object.assign(new PassThrough(), { isTTY: true });
  if (answer === null) stdin.end();
  else stdin.write(`${answer}\n`);
  return { stdin, stdout };
}

describe('confirmAs', () => {
  const unconfirmed = { isConfirmed: false, otherwise: 'add --yes' };

  it.each([
    ['y', true],
    ['YES', true],
    ['', false],
    ['no', false],
    ['yesterday', false],
    [null, false],
  ])('reads %j as %s', async (answer, expected) => {
    const host = terminal(answer);
    expect(await confirmAs(host, unconfirmed)(async () => 'Remove?')).toBe(expected);
    expect(String(host.stdout.read())).toContain('Remove? [y/N] ');
  });

  it('refuses at once if nobody can be asked', () => {
    const { stdin, stdout } = terminal('y');
    expect(() => confirmAs({ stdin: Object.assign(stdin, { isTTY: false }), stdout }, unconfirmed)).toThrow(
      'add --yes',
    );
  });

  it('does not ask if --yes is given', async () => {
    const confirm = confirmAs(terminal(null), { isConfirmed: true, otherwise: '' });
    expect(await confirm(() => Promise.reject(new Error('asked')))).toBe(true);
  });
});
