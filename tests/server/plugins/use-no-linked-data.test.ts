import { getNamedType, isCompositeType, isInterfaceType, isObjectType } from 'graphql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Caller } from '../../../src/access/caller.ts';
import { createSchema } from '../../../src/schema.ts';
import { callerOf } from '../../support/callers.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { alert } from '../../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

const ingest: Caller = { ...callerOf('default', ['INGEST']), allProjects: false };
const raise = (shown: string) =>
  `mutation ($input: RaiseAlertInput!) { raiseAlert(input: $input) { alert { ${shown} } } }`;

describeEachDatabase('a key with only INGEST', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const run = (shown: string, alertId: string, caller?: Caller) =>
    graphql.run(raise(shown), { input: alert(alertId) }, caller);

  it.each([
    ['a list', 'deliveries { totalCount }', 'deliveries'],
    ['a relation', 'title rule { ruleId }', 'rule'],
    ['a fragment', 'alertId ... on Node { ... on Alert { rule { ruleId } } }', 'rule'],
  ])(
    'cannot read data linked to the payload of a mutation, which then changes nothing: %s',
    async (name, shown, field) => {
      // The document is known and valid for others, so the answer does not come from a cache.
      expect((await run(shown, `of-admin-${name}`)).errors).toBeUndefined();
      expect((await run(shown, name, ingest)).errors).toMatchObject([
        {
          message: `\`${field}\` of Alert needs an API key with the scope READ.`,
          extensions: { code: 'FORBIDDEN', scope: 'READ' },
        },
      ]);
      expect((await graphql.data(`{ alert(alertId: "${name}") { title } }`)).alert).toBeNull();
      expect((await run(shown, `again-${name}`)).errors).toBeUndefined();
    },
  );

  it('reads what its mutation changed', async () => {
    const { data, errors } = await run('alertId title status labels __typename', 'own', ingest);
    expect(errors).toBeUndefined();
    expect(data?.raiseAlert.alert).toMatchObject({ alertId: 'own', status: 'OPEN', __typename: 'Alert' });
  });
});

it('checks every field through which a payload leads to other data', () => {
  const reached = new Set<string>();
  const leading = new Set<string>();
  /** Walks through all fields that a caller without READ may read. */
  function walk(type: unknown): void {
    const named = getNamedType(type as never);
    if (!isObjectType(named) && !isInterfaceType(named)) return;
    if (reached.has(named.name)) return;
    reached.add(named.name);
    const isNode = isObjectType(named) && named.getInterfaces().some(({ name }) => name === 'Node');
    for (const field of Object.values(named.getFields())) {
      if (!isNode) walk(field.type);
      else if (isCompositeType(getNamedType(field.type))) leading.add(`${named.name}.${field.name}`);
      if (!isNode && 'telltaleCost' in field.extensions) leading.add(`open: ${named.name}.${field.name}`);
    }
  }
  for (const field of Object.values(createSchema().getMutationType()?.getFields() ?? {})) walk(field.type);
  expect(reached.size).toBeGreaterThan(40);
  expect(leading.size).toBeGreaterThan(10);
  // Fields that a payload itself reads, in addition to its own state, would be readable.
  expect([...leading].filter((name) => name.startsWith('open'))).toEqual([]);
});
