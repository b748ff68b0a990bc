import { expect, test } from 'vitest';
import { createLogger } from '../../src/server/logger.ts';

function logged(format: 'json' | 'pretty', write: (logger: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = [];
  write(createLogger({ level: 'info', format }, { write: (line: string) => lines.push(line) }));
  return lines.join('');
}

test.each(['json', 'pretty'] as const)(
  'the %s log shows no secret of a message, an error or a field',
  (format) => {
    const log = logged(format, (logger) => {
      const err = new Error('connect to postgresql://app:hunter2@db/x failed');
      logger.error({ err, headers: { cookie: 'sid=hunter2' }, password: 'hunter2' }, 'sent with pwd=hunter2');
    });
    expect(log).toContain('postgresql://app:***@db/x');
    expect(log).toContain('sent with pwd=***');
    expect(log).not.toContain('hunter2');
  },
);

test('a masked line is one line of JSON', () => {
  const log = logged('json', (logger) =>
    logger.info({ password: 'hunter2', port: 4000 }, 'a "password":"hunter2"'),
  );
  expect(log.endsWith('}\n')).toBe(true);
  expect(JSON.parse(log)).toMatchObject({ level: 30, password: '***', port: 4000, msg: 'a "password":***' });
});

test('a line without secrets does not change', () => {
  expect(JSON.parse(logged('json', (logger) => logger.info({ port: 4000 }, 'listening')))).toMatchObject({
    level: 30,
    port: 4000,
    msg: 'listening',
  });
});
