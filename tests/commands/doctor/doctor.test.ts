import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { Finding, Verdict } from '../../../src/commands/doctor/finding.ts';
import { EXIT_CODES } from '../../../src/commands/exit-codes.ts';
import { openMigrationConnection } from '../../../src/storage/create-store.ts';
import { callGroup, callRow } from '../../storage/support/calls.ts';
import { useStores } from '../../storage/support/stores.ts';
import { describeEachDatabase, describeOnlyOn } from '../../support/databases.ts';
import { runCommand } from '../../support/run-command.ts';
import { startApp } from '../../support/start-app.ts';

interface Report {
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
}

async function askDoctor(environment: Readonly<Record<string, string>>, ...args: string[]) {
  const { code, stdout, stderr } = await runCommand(['doctor', '--json', ...args], {
    ...{ COLUMN_STORE: 'off', TELLTALE_API_KEY: '' },
    ...environment,
  });
  expect(stderr).toBe('');
  const { verdict, findings } = JSON.parse(stdout) as Report;
  const find = (check: string) => findings.filter((finding) => finding.check === check);
  return { code, verdict, findings, find };
}

/** The state of the file and of its log, which shows whether anything was written. */
function hashOf(url: string): string {
  const hash = createHash('sha256');
  for (const suffix of ['', '-wal']) {
    const file = `${url.slice('file:'.length)}${suffix}`;
    if (existsSync(file)) hash.update(readFileSync(file));
  }
  return hash.digest('hex');
}

describeEachDatabase('telltale doctor', (database) => {
  const stores = useStores(database);

  it('finds no fault with a running server, and says which service sent what', async () => {
    await using server = await startApp({ database });
    const input = [
      {
        id: '0198c5b2-8f3e-7d41-a1f4-5b2f0a9c6d17',
        service: 'checkout',
        provider: 'openai',
        model: 'gpt-4o',
        promptTokens: 1,
        completionTokens: 1,
        latencyMs: 1,
      },
    ];
    await server.query('mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }', {
      input,
    });
    const environment = { DATABASE_URL: server.databaseUrl, PORT: new URL(server.url).port };
    const { code, verdict, find, findings } = await askDoctor(environment, '--serving');
    expect({ code, wrong: findings.filter((finding) => finding.verdict === 'wrong') }).toEqual({
      code: 0,
      wrong: [],
    });
    // The database of the test has no backup.
    expect(verdict).not.toBe('wrong');
    expect(find('port')).toMatchObject([
      { verdict: 'ok', finding: expect.stringContaining('A server is ready at') },
    ]);
    expect(find('database')).toMatchObject([
      {
        verdict: 'ok',
        finding: expect.stringMatching(/answers and is at 00\d\d_\w+; it takes [\d.]+ [KM]iB/),
      },
    ]);
    expect(find('queue')).toMatchObject([{ verdict: 'ok', finding: 'The write queue is 0 % full.' }]);
    expect(find('keys')).toMatchObject([{ verdict: 'ok' }]);
    expect(find('clock')).toMatchObject([
      { verdict: 'ok', finding: expect.stringContaining('agrees with the newest event') },
    ]);
    expect(find('arrivals')).toMatchObject([
      {
        verdict: 'ok',
        finding: '1 event arrived in the last hour.',
        details: [
          expect.stringMatching(
            /^llmCalls of checkout in default: 1 event, the newest \d[\d.]* seconds? ago$/,
          ),
        ],
      },
    ]);
  });

  it('says what an empty database lacks, and creates nothing', async () => {
    const url = await database.createUrl();
    const { code, verdict, find } = await askDoctor({ DATABASE_URL: url });
    expect({ code, verdict }).toEqual({ code: 0, verdict: 'warning' });
    const lacks = database.dialect === 'sqlite' ? 'does not exist yet.' : /lacks \d+ migrations, from 0001_/;
    expect(find('database')).toMatchObject([{ verdict: 'warning', finding: expect.stringMatching(lacks) }]);
    expect(find('arrivals')).toEqual([]);
    if (database.dialect === 'sqlite') expect(existsSync(url.slice('file:'.length))).toBe(false);
  });

  it('refuses a database of a newer version, and finds old events, old keys and a clock that was set back', async () => {
    const url = await database.createMigratedUrl();
    const store = await stores.open(url);
    const day = 86_400_000;
    const call = (timestamp: number, receivedAt: number) =>
      store.append([callGroup(callRow({ timestamp, receivedAt }))]);
    const key = (id: string, name: string | null, expiresAt: number) => ({
      ...{ id, name, start: `tlt_${id}`, hash: id, scopes: 'READ' },
      ...{ createdAt: new Date(0), expiresAt: new Date(expiresAt) },
    });
    await store.prisma.apiKey.create({ data: key('a', 'soon', Date.now() + day + 60_000) });
    await store.prisma.apiKey.create({ data: key('b', null, day) });
    await call(Date.now() - 3 * day, Date.now() - 3 * day);
    const before = hashOf(url);
    const old = await askDoctor({ DATABASE_URL: url });
    expect(hashOf(url)).toBe(before);
    expect(old.find('keys')).toMatchObject([
      { verdict: 'ok', finding: '1 API key may be used.' },
      { verdict: 'warning', finding: 'The key soon expires in 1 day.' },
      { verdict: 'ok', finding: '1 key expired before.' },
    ]);
    expect(old.find('arrivals')).toMatchObject([
      { verdict: 'warning', finding: 'No event arrived in the last hour; the newest one is 3 days old.' },
    ]);

    await call(Date.now(), Date.now() + day + 60_000);
    const ahead = await askDoctor({ DATABASE_URL: url });
    expect(ahead.code).toBe(EXIT_CODES.problems);
    expect(ahead.find('clock')).toMatchObject([
      { verdict: 'wrong', finding: expect.stringContaining('was received 1 day in the future') },
    ]);

    await store.query
      .updateTable('_prisma_migrations')
      .set({ migration_name: '9999_later' })
      .where('migration_name', 'like', '0001_%')
      .execute();
    const newer = await askDoctor({ DATABASE_URL: url }, '--quiet');
    expect({ code: newer.code, verdict: newer.verdict }).toEqual({
      code: EXIT_CODES.problems,
      verdict: 'wrong',
    });
    expect(newer.find('database')).toMatchObject([
      { verdict: 'wrong', finding: expect.stringContaining('The database is newer than this version') },
    ]);
    expect(newer.findings.filter(({ verdict }) => verdict === 'ok')).toEqual([]);
  });
});

describeOnlyOn('postgresql', 'telltale doctor', (database) => {
  it('names what its role may not write, and only reads', async () => {
    const url = await database.createMigratedUrl();
    const role = `reader_${Date.now()}`;
    const connection = await openMigrationConnection(url);
    try {
      await connection.script(
        `create role ${role} login password 'secret'; grant select on all tables in schema public to ${role}; grant insert, update, delete on llm_calls to ${role}`,
      );
      const reader = new URL(url);
      reader.username = role;
      reader.password = 'secret';
      const { code, find, findings } = await askDoctor({ DATABASE_URL: reader.href });
      expect(code).toBe(EXIT_CODES.problems);
      const [, access] = find('database');
      expect(access).toMatchObject({ verdict: 'wrong' });
      expect(access?.finding).toContain(`the role ${role} may not read and write`);
      expect(access?.finding).not.toContain('llm_calls');
      expect(JSON.stringify(findings)).not.toContain('secret');
    } finally {
      await connection.script(`drop owned by ${role}; drop role ${role}`);
      await connection.close();
    }
  });
});

describe('telltale doctor', () => {
  it('checks nothing else while the configuration is wrong', async () => {
    const { code, findings } = await askDoctor({ PORT: 'http' });
    expect(code).toBe(EXIT_CODES.problems);
    expect(findings.map(({ check, verdict }) => [check, verdict])).toEqual([
      ['configuration', 'wrong'],
      ['versions', 'ok'],
    ]);
  });

  it('prints a line for each finding, with advice', async () => {
    const DATABASE_URL = 'postgresql://me:secret@127.0.0.1:1/x';
    const { code, stdout } = await runCommand(['doctor', '--quiet'], { DATABASE_URL });
    expect(code).toBe(EXIT_CODES.problems);
    expect(stdout).toMatch(
      /^WRONG +database +postgresql:\/\/me:\*\*\*@127\.0\.0\.1:1\/x: .*cannot be reached/m,
    );
    expect(stdout).toMatch(/^ +→ Check that PostgreSQL runs/m);
    expect(stdout).not.toMatch(/^ok/m);
  });

  it('reports another program on the port, and a server that should answer and does not', async () => {
    const other = createServer((_, response) => response.end('hello'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    const environment = { DATABASE_URL: 'file:/nowhere/at/all.db', PORT: String(port) };
    try {
      const { find } = await askDoctor(environment);
      expect(find('port')).toMatchObject([
        { verdict: 'wrong', finding: expect.stringContaining('it answers /readyz with 200') },
      ]);
    } finally {
      other.closeAllConnections();
      await new Promise((resolve) => other.close(resolve));
    }
    expect((await askDoctor(environment)).find('port')).toMatchObject([{ verdict: 'ok' }]);
    expect((await askDoctor(environment, '--serving')).find('port')).toMatchObject([{ verdict: 'wrong' }]);
  });
});
