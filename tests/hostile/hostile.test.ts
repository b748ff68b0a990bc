import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSchema } from '../../src/schema.ts';
import { describeEachDatabase, testedDialects } from '../support/databases.ts';
import { startApp, type TestApp } from '../support/start-app.ts';
import { faultOf } from './support/answers.ts';
import { type Case, casesOf } from './support/cases.ts';
import { DOCUMENTS, LITERALS } from './support/documents.ts';
import { fieldsWithArguments, locationsOf } from './support/locations.ts';
import { seed as storeSeed } from './support/seed.ts';
import { sendCases, sendText } from './support/send-cases.ts';

/** Another seed sends other values: `HOSTILE_SEED=7 npx vitest run tests/hostile`. */
const seed = Number(process.env['HOSTILE_SEED'] ?? 1);
/** `HOSTILE_ALL=1` sends every value to each argument and member, which takes minutes. */
const all = Boolean(process.env['HOSTILE_ALL']);
const amount = all ? { each: 1_000, again: 1 } : { each: 1, again: 64 };
/** One of this many arguments gets a literal. */
const literalsAgain = all ? 1 : 4;
/** A busy machine needs half an hour for all values of a kind. */
const timeout = all ? 60 * 60_000 : undefined;
const schema = createSchema();

it('reaches every field with arguments', () => {
  const reached = locationsOf(schema).map(({ name }) => name);
  expect(reached.sort()).toEqual(fieldsWithArguments(schema).sort());
});

describeEachDatabase(`requests of a hostile client (HOSTILE_SEED=${seed})`, (database) => {
  let running: TestApp;
  let known: Awaited<ReturnType<typeof storeSeed>>['known'];
  let cases: readonly Case[];
  /** Requests that reach no database need not be sent to both. */
  const isFirst = database.dialect === testedDialects()[0];
  beforeAll(async () => {
    running = await startApp({ database, environment: { AUTH: 'disabled', LOG_LEVEL: 'warn' } });
    const stored = await storeSeed(running);
    known = stored.known;
    const made = casesOf({ schema, seed, ...amount, ...stored });
    expect(made.length).toBeGreaterThan(1_500);
    cases = isFirst ? made : made.filter(({ refused }) => !refused);
  });
  afterAll(() => running[Symbol.asyncDispose]());

  it.each([
    ['mutation', 250],
    ['query', 250],
    ['subscription', 15],
  ] as const)('get a clean error or a result: bad values of a %s', { timeout }, async (kind, atLeast) => {
    const own = cases.filter(({ location }) => location.kind === kind);
    expect(own.length).toBeGreaterThan(atLeast);
    const { faults, slowest } = await sendCases(running.url, own, known);
    expect(faults).toEqual([]);
    expect(running.log.splice(0)).toEqual([]);
    expect(slowest.ms, slowest.name).toBeLessThan(10_000);
  });

  it.runIf(isFirst).each(Object.keys(DOCUMENTS))('get a clean error or a result: %s', async (name) => {
    const body = DOCUMENTS[name] ?? '';
    const answer = await sendText(running.url, typeof body === 'string' ? body : JSON.stringify(body));
    expect(faultOf(answer)).toBeNull();
    expect(running.log.splice(0)).toEqual([]);
  });

  it.runIf(isFirst)(
    'get a clean error or a result: literals that JSON cannot write',
    { timeout },
    async () => {
      const faults: string[] = [];
      const roots = locationsOf(schema).filter(({ fields }) => fields.length === 1);
      const spots = roots.flatMap(({ kind, fields: [field] }) =>
        (field?.args ?? []).map(({ name }) => ({ kind, given: `${field?.name}(${name}: ` })),
      );
      const sent = spots.filter((_, index) => (seed + index) % literalsAgain === 0);
      expect(sent.length).toBeGreaterThan(2 * LITERALS.length);
      for (const [index, { kind, given }] of sent.entries()) {
        const query = `${kind} { ${given}${LITERALS[(seed + index) % LITERALS.length]}) { __typename } }`;
        const fault = faultOf(await sendText(running.url, JSON.stringify({ query })));
        if (fault !== null) faults.push(`${query}: ${fault}`);
      }
      expect(faults).toEqual([]);
    },
  );

  it('leave the server alive and quick', async () => {
    const times: number[] = [];
    for (let round = 0; round < 21; round++) {
      const startedAt = performance.now();
      await running.query('{ __typename llmCalls { totalCount } }');
      times.push(performance.now() - startedAt);
    }
    expect(times.sort((one, other) => one - other)[10]).toBeLessThan(100);
    expect({}).not.toHaveProperty('polluted');
  });
});
