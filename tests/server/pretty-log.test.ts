import { describe, expect, it } from 'vitest';
import { createLogger } from '../../src/server/logger.ts';

/** The lines that a logger writes for people. */
function prettyLog() {
  const lines: string[] = [];
  const output = { write: (line: string) => lines.push(line) };
  return { lines, logger: createLogger({ level: 'info', format: 'pretty' }, output) };
}

describe('the log for people', () => {
  it('shows no escape sequence unescaped, wherever it is', () => {
    const { lines, logger } = prettyLog();
    const hostile = '\u001b[2J\u009b31m\u0007\u202e\r';
    const err = new Error(hostile);
    err.stack = `Error: ${hostile}\n    at there`;
    logger.error({ [`field${hostile}`]: hostile, path: ['a', hostile], err }, `message ${hostile}`);
    const [line = ''] = lines;
    const shown = '\\x1b[2J\\x9b31m\\x07\\u202e\\x0d';
    expect(line).toContain(`message ${shown} field${shown}=`);
    expect(line).toContain(`\n    Error: ${shown}\n        at there\n`);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(line).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });

  it('does not change other text', () => {
    const { lines, logger } = prettyLog();
    logger.info({ name: 'Zoë', text: 'two words' }, 'Hällo 🙂');
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d info {2}Hällo 🙂 name=Zoë text="two words"\n$/);
  });
});
