import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { printSchemaSDL } from '../../src/schema.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { startProcess, type TelltaleProcess } from '../support/start-process.ts';
import { post } from '../support/start-server.ts';

/** A file that is not a database. */
const HERE = fileURLToPath(import.meta.url);
const RECORD = /* GraphQL */ `
  mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted duplicates } }
`;
const COUNTS = /* GraphQL */ `
  { llmCalls { totalCount } llmCallAnalytics(range: { last: "P1D" }) { totals { count } source { kind } } }
`;

function batch(size: number): { id: string }[] {
  return Array.from({ length: size }, () => ({
    id: randomUUID(),
    provider: 'openai',
    model: 'gpt-4o',
    promptTokens: 10,
    completionTokens: 5,
    latencyMs: 100,
  }));
}

describeEachDatabase('telltale serve', (database) => {
  it.each(['SIGINT', 'SIGTERM'] as const)('starts, answers, and stops cleanly at %s', async (signal) => {
    await using telltale = startProcess(['serve'], { DATABASE_URL: await database.createUrl() });
    const url = await telltale.waitUntilListening();
    expect((await post(url, { query: '{ health { status } }' })).body).toEqual({
      data: { health: { status: 'HEALTHY' } },
    });
    telltale.child.kill(signal);
    expect(await telltale.ended).toBe(0);
    expect(telltale.stderr).toBe('');
  });

  it('keeps every event that it acknowledged through kill -9', async () => {
    const environment = { DATABASE_URL: await database.createUrl() };
    const acknowledged: { id: string }[] = [];
    {
      await using telltale = startProcess([], environment);
      const url = await telltale.waitUntilListening();
      const enough = new Promise<void>((resolve) => {
        for (let client = 0; client < 8; client++) void sendUntilCut(url, acknowledged, 2000, resolve);
      });
      await enough;
      telltale.child.kill('SIGKILL');
      expect(await telltale.ended).toBe('SIGKILL');
    }
    await using again = startProcess([], environment);
    const url = await again.waitUntilListening();
    const counts = (await post(url, { query: COUNTS })).body.data;
    // What was committed but not yet acknowledged is there too; rows and rollups agree.
    expect(counts.llmCalls.totalCount).toBeGreaterThanOrEqual(acknowledged.length);
    expect(counts.llmCallAnalytics.totals.count).toBe(counts.llmCalls.totalCount);
    for (let start = 0; start < acknowledged.length; start += 1000) {
      const input = acknowledged.slice(start, start + 1000);
      const { data } = (await post(url, { query: RECORD, variables: { input } })).body;
      expect(data).toEqual({ recordLlmCalls: { accepted: 0, duplicates: input.length } });
    }
  });
});

/**
 * Sends batches one after the other; those that were acknowledged go to the list. Ends when the
 * server is gone.
 */
async function sendUntilCut(
  url: string,
  acknowledged: object[],
  enough: number,
  onEnough: () => void,
): Promise<void> {
  for (;;) {
    const input = batch(20);
    try {
      const { body } = await post(url, { query: RECORD, variables: { input } });
      if (body.data.recordLlmCalls.accepted !== input.length) return;
    } catch {
      // Cut off: whether this batch was stored is unknown, and so it is in no list.
      return;
    }
    acknowledged.push(...input);
    if (acknowledged.length >= enough) onEnough();
  }
}

describe('telltale on the command line', () => {
  const processes: TelltaleProcess[] = [];
  afterEach(async () => {
    for (const telltale of processes.splice(0)) await telltale[Symbol.asyncDispose]();
  });
  function run(args: string[], environment: Record<string, string> = {}): TelltaleProcess {
    const telltale = startProcess(args, environment);
    processes.push(telltale);
    return telltale;
  }

  // Other failures and their messages: tests/commands/failures.test.ts.
  it.each([
    [{ PORT: 'http' }, 'PORT=http: must be a whole number from 0 to 65535.'],
    [{ DATABASE_URL: `file:${HERE}` }, `DATABASE_URL: ${HERE} cannot be opened as a SQLite database`],
    [
      { DATABASE_URL: 'postgresql://me:secret@127.0.0.1:1/x' },
      'DATABASE_URL: the database cannot be reached',
    ],
  ])('reports what is wrong with %j, without a stack, and exits with 1', async (environment, message) => {
    const telltale = run(['serve'], environment as Record<string, string>);
    expect(await telltale.ended).toBe(1);
    expect(telltale.stderr).toContain(message);
    expect(telltale.stderr).not.toMatch(/^\s+at /m);
    expect(telltale.stderr).not.toContain('secret');
  });

  it.each([
    [['retention', '--dryrun'], 'Did you mean --dry-run?'],
    [['retention'], 'retention removes data for good: add --yes'],
    [['serv'], 'Did you mean serve?'],
    [['import', 'csv'], 'Missing required positional argument: FILE'],
  ])('refuses %j, without a stack, and exits with 1', async (words, message) => {
    const telltale = run(words);
    expect(await telltale.ended).toBe(1);
    expect(telltale.stderr).toContain(message);
    expect(telltale.stderr).not.toMatch(/^\s+at /m);
  });

  it('prints the schema', async () => {
    const telltale = run(['schema']);
    expect(await telltale.ended).toBe(0);
    expect(telltale.stdout).toBe(printSchemaSDL());
  });

  it('lists its commands', async () => {
    const telltale = run(['--help']);
    expect(await telltale.ended).toBe(0);
    for (const command of ['serve', 'migrate', 'schema', 'demo', 'import', 'collect'])
      expect(telltale.stdout).toContain(command);
  });
});

describeEachDatabase('telltale on the command line', (database) => {
  it('migrates', async () => {
    const environment = { DATABASE_URL: await database.createUrl() };
    await using first = startProcess(['migrate'], environment);
    expect(await first.ended).toBe(0);
    expect(first.stdout).toMatch(
      /^applying migration 0001_\w+\n(?:applying migration \w+\n)*.* has \d+ new migrations\n$/,
    );
    await using second = startProcess(['migrate'], environment);
    expect(await second.ended).toBe(0);
    expect(second.stdout).toMatch(/ is up to date\n$/);
  });

  it.each([
    ['serve', 'npm start'],
    ['demo', 'npm run demo'],
  ])('says what to do when the port is taken: %s', async (command, start) => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    const environment = { DATABASE_URL: await database.createUrl(), PORT: 'not used' };
    await using telltale = startProcess([command, '--port', String(port)], environment);
    expect(await telltale.ended).toBe(1);
    expect(telltale.stderr).toBe(
      `Port ${port} on 127.0.0.1 is in use, perhaps by another Telltale. Stop it, or use another port: PORT=${port + 1} ${start}\n`,
    );
    other.close();
  });

  it('logs its address, for people or for machines', async () => {
    const DATABASE_URL = await database.createUrl();
    await using pretty = startProcess(['serve'], { DATABASE_URL, LOG_FORMAT: 'pretty' });
    const url = await pretty.waitUntilListening();
    await expect.poll(() => pretty.stdout).toContain('Access');
    expect(pretty.stdout).toContain(`GraphiQL   ${url}  (open in a browser)`);
    expect(pretty.stdout).toContain(`WebSocket  ${url.replace('http', 'ws')}`);
    await using json = startProcess(['serve'], { DATABASE_URL, LOG_FORMAT: 'json' });
    const graphql = await json.waitUntilListening();
    await expect.poll(() => json.stdout).toMatch(/\n$/);
    for (const line of json.stdout.trim().split('\n')) expect(JSON.parse(line)).toMatchObject({ level: 30 });
    expect(JSON.parse(json.stdout.trim().split('\n').at(-1)!)).toMatchObject({
      msg: 'Telltale listens',
      graphql,
    });
  });
});
