import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inPackage } from '../../scripts/prepare/paths.mjs';
import { type Received, startReceiver } from '../alerting/delivery/support/receiver.ts';
import { ALLOWED } from '../alerting/delivery/support/worker.ts';
import { borrowPostgresql, describeEachDatabase } from '../support/databases.ts';
import { uuidOf } from '../support/events.ts';
import { readUntil } from '../support/read-until.ts';
import { startProcess, type TelltaleProcess } from '../support/start-process.ts';
import { post } from '../support/start-server.ts';
import { copyProject, type ProjectCopy } from './support/project-copy.ts';
import { applyDiff, readRecipe } from './support/recipe.ts';
import { ACTIVITY, BATCH, RECORD, range } from './support/transcriptions.ts';

const DECLARATION = 'src/declarations/speech/transcriptions.ts';
/** The files that a query, a command, a collector and a channel add or change. */
const FILES_OF_SEAMS = [
  'src/domains/speech/words-of-engines/words-of-engines.ts',
  'src/schema.ts',
  'src/commands/collect/voice.ts',
  'src/commands/collect.ts',
  'src/declarations/alerts/channel-kinds.ts',
  'src/alerting/delivery/channels/chat.ts',
  'src/alerting/delivery/channels/channels.ts',
];
/** Like `npm run typecheck`. One thread takes half of the processor time of several. */
const COMPILE =
  'node node_modules/typescript-7/bin/tsc -p .cache/tsconfig.json --incremental false --singleThreaded';
const MAX_LINES = 20;
const PREPARATION_MS = 300_000;

const ARCHITECTURE = readFileSync(inPackage('ARCHITECTURE.md'), 'utf8');

let copy: ProjectCopy;
/** Only the changes for the dataset. */
let changedByDataset: string[];
let addedToRegistry: string[];
let linesOfDeclaration: number;
/**
 * The databases in which the tools of the copy compare migrations: starting a server for each takes
 * seconds.
 */
let postgresql: Awaited<ReturnType<typeof borrowPostgresql>>;

async function follow(heading: string): Promise<void> {
  for (const step of readRecipe(ARCHITECTURE, heading)) {
    if (step.kind === 'write') copy.write(step.path, step.text);
    else if (step.kind === 'change') copy.write(step.path, applyDiff(copy.read(step.path), step.diff));
    else for (const command of step.commands) await copy.run(command);
  }
}

beforeAll(async () => {
  postgresql = await borrowPostgresql();
  copy = await copyProject({ TEST_POSTGRES_URL: postgresql.url });
  await follow('To add a dataset');
  changedByDataset = copy.changes();
  linesOfDeclaration = copy.read(DECLARATION).trimEnd().split('\n').length;
  const before = readFileSync(inPackage('src', 'declarations', 'registry.ts'), 'utf8').split('\n');
  const after = copy.read('src/declarations/registry.ts').split('\n');
  addedToRegistry = after.filter((line) => !before.includes(line));
  expect(after).toHaveLength(before.length + addedToRegistry.length);
  await follow('To add a query');
  await follow('To add a command or a collector');
  await follow('To add a channel');
  await follow('To add a column');
}, PREPARATION_MS);
afterAll(async () => {
  await copy?.[Symbol.asyncDispose]();
  await postgresql?.giveBack();
});

describe('a new dataset', () => {
  it('is declared in twenty lines', () => {
    expect(linesOfDeclaration).toBeLessThanOrEqual(MAX_LINES);
  });

  it('passes the lint, together with everything built on it', async () => {
    const files = [...changedByDataset, ...FILES_OF_SEAMS].filter((file) => file.endsWith('.ts'));
    await copy.run(`npx biome check --error-on-warnings ${files.join(' ')}`);
  });

  it('needs one line in the registry, and its import', () => {
    expect(addedToRegistry).toEqual([
      `import { transcriptions } from './speech/transcriptions.ts';`,
      '  transcriptions,',
    ]);
  });

  it('changes no other file', () => {
    expect(changedByDataset).toEqual([
      expect.stringMatching(/^prisma\/migrations\/postgresql\/\d{4}_add_transcriptions\/migration\.sql$/),
      expect.stringMatching(/^prisma\/migrations\/sqlite\/\d{4}_add_transcriptions\/migration\.sql$/),
      'prisma/models/speech.prisma',
      'schema.graphql',
      'src/declarations/registry.ts',
      DECLARATION,
    ]);
  });

  it('only adds to the schema', () => {
    const after = new Set(copy.read('schema.graphql').split('\n'));
    const before = readFileSync(inPackage('schema.graphql'), 'utf8').split('\n');
    expect(before.filter((line) => !after.has(line))).toEqual([]);
  });

  it('has migrations that produce its model', { timeout: PREPARATION_MS }, async () => {
    expect(await copy.run('npm run --silent drift')).toBe(
      'sqlite: the migrations lead to the models\npostgresql: the migrations lead to the models\n',
    );
  });

  it('has the types that declarations have', { timeout: PREPARATION_MS }, async () => {
    const options = {
      extends: '../tsconfig.json',
      files: ['../src/main.ts', '../src/declarations/registry.ts'],
      include: [],
    };
    copy.write('.cache/tsconfig.json', JSON.stringify(options));
    // The demo sends through the client, whose types come from the code generator, which takes
    // seconds.
    const types = 'client/src/generated/events.ts';
    copy.write(types, readFileSync(inPackage(types), 'utf8'));
    expect(await copy.run(COMPILE)).toBe('');
  });
});

describeEachDatabase('the new dataset', (database) => {
  let telltale: TelltaleProcess;
  let url: string;
  let recorded: unknown;
  let active: unknown;

  /** The data of an answer without errors. */
  async function ask(query: string, variables: Record<string, unknown> = {}) {
    const { body } = await post(url, { query, variables });
    expect(body.errors).toBeUndefined();
    return body.data;
  }

  beforeAll(async () => {
    const environment = { ...ALLOWED, DATABASE_URL: await database.createUrl(), LOG_FORMAT: 'json' };
    telltale = startProcess(['serve'], environment, { main: join(copy.folder, 'dist', 'main.js') });
    url = await telltale.waitUntilListening();
    const payload = '{ accepted duplicates rejected { dataset index field code } ids }';
    const record = `mutation ($input: [TranscriptionInput!]!) { recordTranscriptions(input: $input) ${payload} }`;
    recorded = await ask(record, { input: BATCH });
    const recordActivity = `mutation ($input: ActivityInput!) { recordActivity(input: $input) ${payload} }`;
    active = await ask(recordActivity, { input: ACTIVITY });
  });
  afterAll(async () => {
    telltale.child.kill('SIGTERM');
    expect(await telltale.ended).toBe(0);
    expect(telltale.stderr).toBe('');
  });

  it('accepts a batch, and names what is wrong with an invalid event', () => {
    expect(recorded).toEqual({
      recordTranscriptions: {
        accepted: 3,
        duplicates: 0,
        rejected: [{ dataset: 'transcriptions', index: 2, field: 'mode', code: 'INVALID_VALUE' }],
        ids: [1, 2, 3].map((number) => `Transcription:${uuidOf(number)}`),
      },
    });
  });

  it('is a part of an activity', () => {
    expect(active).toMatchObject({ recordActivity: { accepted: 1, rejected: [] } });
  });

  it('has a list with filters and orders', async () => {
    const query = `{
      transcriptions(
        filter: { success: { eq: true }, engine: { startsWith: "whisper" }, cost: { lt: 1 } }
        orderBy: { field: WORDS, direction: DESC }
        first: 1
      ) { totalCount nodes { engine mode words cost success } pageInfo { hasNextPage } }
    }`;
    expect(await ask(query)).toEqual({
      transcriptions: {
        totalCount: 2,
        nodes: [{ engine: 'whisper-1', mode: 'FILE', words: 300, cost: 0.012, success: true }],
        pageInfo: { hasNextPage: true },
      },
    });
  });

  it('has totals with quantiles, from cells', async () => {
    const query = `query ($range: TimeRangeInput!) {
      transcriptionAnalytics(range: $range) {
        totals { count successRate words { sum max p50 } cost { count sum } }
        source { kind }
      }
    }`;
    const { totals, source } = (await ask(query, { range })).transcriptionAnalytics;
    expect(totals).toEqual({
      count: 4,
      successRate: 0.75,
      words: { sum: 450, max: 300, p50: expect.closeTo(75, 0) },
      cost: { count: 3, sum: 0.019 },
    });
    expect(source).toEqual({ kind: 'ROLLUP' });
  });

  it('has groups and series', async () => {
    const query = `query ($range: TimeRangeInput!) {
      transcriptionAnalytics(range: $range) {
        groups(orderBy: { field: WORDS, aggregate: SUM }) { dimensions { engine mode } stats { count } }
        series(grain: FIFTEEN_MINUTES) { dimensions { engine } points { stats { count } } }
      }
    }`;
    const { groups, series } = (await ask(query, { range })).transcriptionAnalytics;
    expect(groups).toEqual([
      { dimensions: { engine: 'whisper-1', mode: 'FILE' }, stats: { count: 2 } },
      { dimensions: { engine: 'nova', mode: 'LIVE' }, stats: { count: 1 } },
      { dimensions: { engine: 'whisper-1', mode: 'LIVE' }, stats: { count: 1 } },
    ]);
    const points = (...counts: number[]) => counts.map((count) => ({ stats: { count } }));
    expect(series).toEqual([
      { dimensions: { engine: 'whisper-1' }, points: points(2, 1, 0, 0) },
      { dimensions: { engine: 'nova' }, points: points(0, 0, 0, 1) },
    ]);
  });

  it('has a query of its own', async () => {
    const query = 'query ($range: TimeRangeInput!) { wordsOfEngines(range: $range) { engine words } }';
    expect(await ask(query, { range })).toEqual({
      wordsOfEngines: [
        { engine: 'whisper-1', words: 400 },
        { engine: 'nova', words: 50 },
      ],
    });
  });

  it('has a column that was added, and a collector that sends events', async () => {
    await using collect = startProcess(
      ['collect', 'voice', '--engine', 'collected', '--words', '3', '--url', url],
      {},
      { main: join(copy.folder, 'dist', 'main.js') },
    );
    expect(await collect.ended).toBe(0);
    expect(collect.stdout).toBe('1 recorded, 0 rejected\n');
    const input = { engine: 'collected', mode: 'FILE', words: 1, language: 'en' };
    await ask(RECORD, { input });
    const query = `{
      transcriptions(filter: { engine: { eq: "collected" } }, orderBy: { field: WORDS, direction: ASC }) {
        nodes { words language }
      }
    }`;
    expect(await ask(query)).toEqual({
      transcriptions: {
        nodes: [
          { words: 1, language: 'en' },
          { words: 3, language: null },
        ],
      },
    });
  });

  it('has a channel beside it, which receives alerts in its own format', async () => {
    await using receiver = await startReceiver();
    await ask('mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { secret } }', {
      input: { webhookId: 'room_1', kind: 'CHAT', url: receiver.url },
    });
    await ask('mutation { sendTestAlert(input: { webhookId: "room_1" }) { delivery { status } } }');
    await receiver.waitFor(1);
    const [{ headers, body }] = receiver.received as [Received];
    expect(headers).toMatchObject({ 'x-chat-version': '1' });
    expect(JSON.parse(body)).toEqual({ text: 'Test of the webhook "room\\_1"' });
    const { webhook } = await ask('{ webhook(webhookId: "room_1") { kind url } }');
    expect(webhook).toEqual({ kind: 'CHAT', url: receiver.url.replace('hook', '***') });
  });

  it('has nodes', async () => {
    const query = `query ($id: ID!) { node(id: $id) { id ... on Transcription { mode success cost } } }`;
    const id = `Transcription:${uuidOf(3)}`;
    expect(await ask(query, { id })).toEqual({ node: { id, mode: 'LIVE', success: false, cost: null } });
  });

  it('has a live tail', async () => {
    const query = `subscription { transcriptionRecorded(filter: { success: { eq: true } }) { engine words } }`;
    // The answer begins when the subscription runs.
    const stream = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query }),
    });
    const input = [0, 7].map((words) => ({ engine: 'live', mode: 'LIVE', words }));
    await ask(RECORD, { input });
    const received = await readUntil(stream, 'event: next');
    expect(received).toContain('{"data":{"transcriptionRecorded":{"engine":"live","words":7}}}');
  });
});
