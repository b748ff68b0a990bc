import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { EXIT_CODES } from '../../src/commands/exit-codes.ts';
import { printSchemaSDL } from '../../src/schema.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { runCommand } from '../support/run-command.ts';
import { startProcess } from '../support/start-process.ts';
import { post } from '../support/start-server.ts';

/** A file that is not a database. */
const HERE = fileURLToPath(import.meta.url);
describeEachDatabase('telltale serve', (database) => {
  // tests/faults shows what the server keeps through kill -9 and SIGTERM.
  it('logs its addresses, for people and for machines, and stops cleanly', async () => {
    const environment = { DATABASE_URL: await database.createUrl() };
    {
      await using telltale = startProcess([], { ...environment, LOG_FORMAT: 'pretty' });
      const url = await telltale.waitUntilListening();
      await expect.poll(() => telltale.stdout).toContain('Access');
      expect(telltale.stdout).toContain(`Dashboard  ${new URL('/', url)}  (open in a browser)`);
      expect(telltale.stdout).toContain(`GraphiQL   ${new URL('/graphiql', url)}`);
      expect(telltale.stdout).toContain(`WebSocket  ${url.replace('http', 'ws')}`);
      telltale.child.kill('SIGTERM');
      expect(await telltale.ended).toBe(0);
    }
    await using again = startProcess(['serve'], { ...environment, LOG_FORMAT: 'json' });
    const graphql = await again.waitUntilListening();
    expect((await post(graphql, { query: '{ health { status } }' })).body).toEqual({
      data: { health: { status: 'HEALTHY' } },
    });
    again.child.kill('SIGTERM');
    expect(await again.ended).toBe(0);
    expect(again.stderr).toBe('');
    for (const line of again.stdout.trim().split('\n')) expect(JSON.parse(line)).toMatchObject({ level: 30 });
    expect(JSON.parse(again.stdout.trim().split('\n').at(-1)!)).toMatchObject({
      msg: 'Telltale is listening',
      graphql,
    });
  });

  it('says what to do if the port is in use', async () => {
    await expectPortAdvice('serve', 'npm start', await database.createMigratedUrl());
  });

  it('is preceded by telltale migrate, which reports what it does', async () => {
    const environment = { DATABASE_URL: await database.createUrl() };
    const first = await runCommand(['migrate'], environment);
    expect(first.code).toBe(0);
    expect(first.stderr).toMatch(/^applying migration 0001_\w+\n(?:applying migration \w+\n)*$/);
    expect(first.stdout).toMatch(/^.* has \d+ new migrations\n$/);
    const second = await runCommand(['migrate'], environment);
    expect(second).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/ is up to date\n$/) });
  });
});

async function expectPortAdvice(command: string, start: string, DATABASE_URL: string): Promise<void> {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as { port: number };
  const environment = { DATABASE_URL, PORT: 'not used', LOG_LEVEL: 'warn' };
  const { code, stderr } = await runCommand([command, '--port', String(port)], environment);
  other.close();
  expect({ code, stderr }).toEqual({
    code: EXIT_CODES.unavailable,
    stderr: `Port ${port} on 127.0.0.1 is in use, perhaps by another Telltale. Stop it, or use another port: PORT=${port + 1} ${start}\n`,
  });
}

describe('telltale on the command line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-test-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('stops cleanly at SIGINT', async () => {
    await using telltale = startProcess(['serve'], { DATABASE_URL: `file:${join(folder, 'a.db')}` });
    await telltale.waitUntilListening();
    telltale.child.kill('SIGINT');
    expect(await telltale.ended).toBe(0);
    expect(telltale.stderr).toBe('');
  });

  // These run as processes, because a status and a stack belong to a process: a failure during the
  // start, and words that name no complete command.
  it.each([
    [
      ['serve'],
      { DATABASE_URL: 'postgresql://me:secret@127.0.0.1:1/x' },
      EXIT_CODES.unavailable,
      'DATABASE_URL: the database cannot be reached',
    ],
    [['import', 'csv'], {}, EXIT_CODES.usage, 'telltale import needs FILE'],
  ])(
    'reports what is wrong with %j and %j, without a stack, and exits with %i',
    async (words, environment, expected, message) => {
      await using telltale = startProcess(words, environment as Record<string, string>);
      expect(await telltale.ended).toBe(expected);
      expectClear(telltale.stderr, message);
    },
  );

  // Other failures and their messages: failures.test.ts and check-arguments.test.ts.
  it.each([
    [
      ['serve'],
      { PORT: 'http' },
      EXIT_CODES.configuration,
      'PORT=http: must be a whole number from 0 to 65535.',
    ],
    [
      ['serve'],
      { DATABASE_URL: `file:${HERE}` },
      EXIT_CODES.configuration,
      `DATABASE_URL: ${HERE} cannot be opened as a SQLite database`,
    ],
    [['retention', '--dryrun'], {}, EXIT_CODES.usage, 'Did you mean --dry-run?'],
    [['retention'], {}, EXIT_CODES.usage, 'retention removes data for good: add --yes'],
    [['serv'], {}, EXIT_CODES.usage, 'Did you mean serve?'],
  ])(
    'refuses %j with %j, without a stack, and exits with %i',
    async (words, environment, expected, message) => {
      const { code, stderr } = await runCommand(words, environment as Record<string, string>);
      expect(code).toBe(expected);
      expectClear(stderr, message);
    },
  );

  function expectClear(stderr: string, message: string): void {
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stderr).not.toContain('secret');
  }

  it('says what to do if the port is in use, before it creates the demo', async () => {
    const file = join(folder, 'demo.db');
    await expectPortAdvice('demo', 'npm run demo', `file:${file}`);
    expect(existsSync(file)).toBe(false);
  });

  it('prints the schema', async () => {
    expect(await runCommand(['schema'])).toEqual({ code: 0, stdout: printSchemaSDL(), stderr: '' });
  });

  it('lists its commands', async () => {
    const { code, stdout } = await runCommand(['--help']);
    expect(code).toBe(0);
    for (const command of ['serve', 'migrate', 'schema', 'demo', 'import', 'collect'])
      expect(stdout).toContain(command);
  });
});
