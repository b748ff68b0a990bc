import { beforeAll, describe, expect, it } from 'vitest';
import { createKeyText } from '../../src/access/key-text.ts';
import { renderKeys } from '../../src/commands/keys/list.ts';
import { describeEachDatabase, TEST_SQLITE_READERS, testedDialects } from '../support/databases.ts';
import { runCommand } from '../support/run-command.ts';
import { startApp } from '../support/start-app.ts';
import { startProcess } from '../support/start-process.ts';
import { post } from '../support/start-server.ts';

const KEY = /tlt_[0-9A-Za-z]{49}/;
const COUNT = { query: '{ llmCalls { totalCount } }' };
const bearer = (text: string) => ({ authorization: `Bearer ${text}` });

/** Runs `telltale keys …` on a database. access-page.test.ts starts processes. */
const keys = (url: string, ...args: string[]) =>
  runCommand(['keys', ...args], { DATABASE_URL: url, SQLITE_READERS: String(TEST_SQLITE_READERS) });

type Refused = readonly [args: readonly string[], message: string];

/** Arguments that the commands themselves reject, on any database. */
const NOT_VALID: readonly Refused[] = [
  [
    ['create', '--scope', 'write'],
    '--scope=write: must be read, ingest, admin, or several joined by commas.',
  ],
  [['create', '--scope', ''], '--scope='],
  [['create', '--scope', 'admin', '--expires', '90'], '--expires=90: must be an ISO-8601 duration'],
  [['create', '--scope', 'admin', '--expires', 'P1M'], '--expires=P1M: must be an ISO-8601 duration'],
  [['create', '--scope', 'admin', '--expires', 'PT0S'], '--expires=PT0S: must be an ISO-8601 duration'],
  [
    ['create', '--scope', 'admin', '--events-per-day', '0'],
    '--events-per-day=0: must be a whole number from 1 to 1000000000.',
  ],
  [['delete', 'x'], 'telltale keys has no command "delete"'],
];

/** Arguments that are rejected when the key is stored. */
const NOT_STORED: readonly Refused[] = [
  [['create', '--scope', 'read'], 'A key for all projects needs the scope ADMIN.'],
  [['create', '--scope', 'read', '--project', 'My Shop'], '"My Shop" is not a valid project id. Use 1 to 63'],
  [['revoke', 'nothing'], 'There is no API key with the id "nothing".'],
];

describeEachDatabase('telltale keys', (database) => {
  let migratedUrl: string;
  beforeAll(async () => {
    migratedUrl = await database.createMigratedUrl();
  });

  it('creates, lists and revokes the keys of a running server', async () => {
    await using running = await startApp({ database });
    const url = running.databaseUrl;
    expect((await keys(url, 'list')).stdout).toBe('There are no API keys.\n');

    const args = ['--project', 'shop', '--scope', 'ingest,read', '--name', 'ci', '--expires', 'P90D'];
    const quotas = [
      '--events-per-minute',
      '500',
      '--events-per-day=9000',
      '--query-cost-per-minute',
      '70000',
    ];
    const created = await keys(url, 'create', ...args, ...quotas);
    expect(created).toMatchObject({ code: 0, stderr: '' });
    expect(created.stdout).toMatch(
      /^Created the project shop\.\nCreated the key [0-9a-f-]{36}: READ, INGEST for shop, until \d{4}-.+Z\.\nStore it now/,
    );
    const [text = ''] = KEY.exec(created.stdout) ?? [];

    // The server starts to require keys automatically, and the new key works for the new project.
    await expect.poll(async () => (await post(running.url, COUNT)).status).toBe(401);
    expect(await post(running.url, COUNT, bearer(text))).toMatchObject({
      status: 200,
      body: { data: { llmCalls: { totalCount: 0 } } },
    });
    expect((await post(running.url, COUNT, { ...bearer(text), 'telltale-project': 'default' })).status).toBe(
      403,
    );

    const [{ id = '' } = {}] = await running.app.services.keys.list('ALL');
    const json = await keys(url, 'list', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      keys: [{ id, projectId: 'shop', name: 'ci', revokedAt: null }],
    });
    expect(json.stdout).not.toMatch(/hash|tlt_\w{49}/);
    const listed = (await keys(url, 'list', '--project', 'shop')).stdout;
    expect(listed).toMatch(
      /^ID +KEY +PROJECT +SCOPES +STATE +QUOTAS +LAST USED +NAME\n\S+ +tlt_\w{8}… +shop +READ,INGEST +active until \S+ +500 events\/min, 9000 events\/day, 70000 cost\/min +never +ci\n$/,
    );
    expect(listed).toContain(id);
    expect(listed).not.toMatch(KEY);
    expect((await keys(url, 'list', '--project', 'default')).stdout).toBe('There are no API keys.\n');

    const CREATE = 'mutation ($input: CreateReadTokenInput!) { createReadToken(input: $input) { token } }';
    const input = { datasets: ['llmCalls'], filter: { endUser: { eq: 'ann' } } };
    const { body } = await post(running.url, { query: CREATE, variables: { input } }, bearer(text));
    const { token } = (body as { data: { createReadToken: { token: string } } }).data.createReadToken;
    expect((await post(running.url, COUNT, bearer(token))).status).toBe(200);
    expect((await keys(url, 'end-tokens')).stdout).toMatch(/^Ended all read tokens\./);
    await expect.poll(async () => (await post(running.url, COUNT, bearer(token))).status).toBe(401);
    expect((await post(running.url, COUNT, bearer(text))).status).toBe(200);

    const second = JSON.parse((await keys(url, 'create', '--scope=admin', '--json')).stdout);
    expect(second).toMatchObject({ createdProject: false, key: { projectId: null, scopes: ['ADMIN'] } });
    expect(second.text).toMatch(KEY);
    expect(JSON.parse((await keys(url, 'revoke', second.key.id, '--json')).stdout)).toMatchObject({
      key: { id: second.key.id, revokedAt: expect.any(String) },
    });
    expect((await keys(url, 'revoke', id)).stdout).toMatch(
      new RegExp(`^Revoked tlt_\\w{8}… \\(${id}\\) at \\S+Z\\.\\n$`),
    );
    await expect.poll(async () => (await post(running.url, COUNT, bearer(text))).status).toBe(401);
    expect((await keys(url, 'list')).stdout).toMatch(/ revoked \d{4}-\d\d-\d\d /);
  });

  it('creates a key for all projects on a new database, so that a server may start on a public address', async () => {
    const url = await database.createUrl();
    const created = await keys(url, 'create', '--scope', 'admin');
    expect(created).toMatchObject({ code: 0, stdout: expect.stringContaining('ADMIN for all projects.\n') });
    await using running = await startApp({ database, databaseUrl: url, environment: { HOST: '0.0.0.0' } });
    const [text = ''] = KEY.exec(created.stdout) ?? [];
    const answer = await post(running.url, COUNT, { ...bearer(text), 'telltale-project': 'default' });
    expect(answer.status).toBe(200);
  });

  it.each(database.dialect === testedDialects()[0] ? [...NOT_VALID, ...NOT_STORED] : NOT_STORED)(
    '%j is refused',
    async (args, message) => {
      const { code, stderr } = await keys(migratedUrl, ...args);
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
    },
  );

  it('stores nothing of refused commands', async () => {
    expect((await keys(migratedUrl, 'list')).stdout).toBe('There are no API keys.\n');
  });
});

describe('telltale keys check', () => {
  it.each([
    [
      'a key',
      createKeyText(),
      0,
      'This is an API key of Telltale. Only its server knows whether it works.\n',
    ],
    ['a mistyped key', `${createKeyText().slice(0, -1)}_`, 5, 'This is not an API key of Telltale'],
  ])('recognizes %s without a database', async (_, text, code, message) => {
    // The command opens no database, because this one cannot be opened.
    const environment = { DATABASE_URL: 'file:/nowhere/at/all.db' };
    await using command = startProcess(['keys', 'check'], environment, { input: `${text}\n` });
    expect(await command.ended).toBe(code);
    expect(command.stdout).toContain(message);
  });
});

describe('the list of keys', () => {
  it('shows the state of each at that time', () => {
    const now = Date.parse('2026-11-22T12:00:00Z');
    const at = (days: number) => new Date(now + days * 86_400_000);
    const key = {
      id: 'id',
      projectId: null,
      name: null,
      start: 'tlt_12345678',
      scopes: ['ADMIN' as const],
      trustedDocumentsOnly: false,
      createdAt: at(-10),
      expiresAt: null,
      revokedAt: null,
      lastUsedAt: at(0),
      eventsPerMinute: null,
      eventsPerDay: 1000,
      queryCostPerMinute: 50_000,
    };
    expect(renderKeys([{ ...key, trustedDocumentsOnly: true }], now)[1]).toContain(
      '  ADMIN (trusted documents)  ',
    );
    const lines = renderKeys(
      [key, { ...key, expiresAt: at(1) }, { ...key, expiresAt: at(0) }, { ...key, revokedAt: at(-1) }],
      now,
    );
    expect(lines.map((line) => line.split(/ {2,}/)[4])).toEqual([
      'STATE',
      'active',
      'active until 2026-11-23',
      'expired 2026-11-22',
      'revoked 2026-11-21',
    ]);
    expect(lines[1]).toBe(
      'id  tlt_12345678…  (all)    ADMIN   active                   1000 events/day, 50000 cost/min  2026-11-22T12:00',
    );
  });
});
