import { Kind, OperationTypeNode, parse, print, validate } from 'graphql';
import { createClient } from 'graphql-ws';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createSchema } from '../../src/schema.ts';
import type { GraphiqlTab } from '../../src/server/graphiql-tabs/tab.ts';
import { graphiqlTabs } from '../../src/server/graphiql-tabs/tabs.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { startApp } from '../support/start-app.ts';

/** Columns of GraphiQL's editor in a window of 1280 pixels. */
const EDITOR_COLUMNS = 50;

interface Operation {
  readonly name: string;
  readonly kind: OperationTypeNode;
  readonly query: string;
  readonly variables: Record<string, unknown> | undefined;
}

const operationsOf = ({ query, variables }: GraphiqlTab): Operation[] =>
  parse(query).definitions.map((definition) => {
    if (definition.kind !== Kind.OPERATION_DEFINITION) throw new Error('A tab has more than operations');
    return {
      name: definition.name?.value ?? '',
      kind: definition.operation,
      query: print(definition),
      variables: variables === undefined ? undefined : JSON.parse(variables),
    };
  });

const operations = graphiqlTabs.flatMap(operationsOf);
const operationNamed = (name: string) => operations.find((operation) => operation.name === name)!;

describe('the tabs of GraphiQL', () => {
  const schema = createSchema();

  it.each(graphiqlTabs.map((tab) => [operationsOf(tab)[0]!.name, tab] as const))('%s is valid', (_, tab) => {
    expect(validate(schema, parse(tab.query))).toEqual([]);
  });

  it('have operations with unique names, which GraphiQL shows as titles and in the menu', () => {
    const names = operations.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).not.toContain('');
  });

  it.each(graphiqlTabs.map((tab) => [operationsOf(tab)[0]!.name, tab] as const))(
    '%s fits the editor, and says if the run button will ask',
    (_, tab) => {
      expect(tab.query.split('\n').filter((line) => line.length > EDITOR_COLUMNS)).toEqual([]);
      expect(tab.query.includes('the run button asks which')).toBe(operationsOf(tab).length > 1);
    },
  );

  it('are listed in the first tab, in their order', () => {
    const [start, ...others] = graphiqlTabs;
    const welcome = start!.query.slice(0, start!.query.indexOf('\nquery'));
    const titles = others.map((tab) => operationsOf(tab)[0]!.name);
    expect(welcome.match(new RegExp(titles.join('|'), 'g'))).toEqual(titles);
  });

  it('define each variable once', () => {
    for (const tab of graphiqlTabs) {
      const names = parse(tab.query).definitions.flatMap((definition) =>
        definition.kind === Kind.OPERATION_DEFINITION
          ? (definition.variableDefinitions ?? []).map(({ variable }) => variable.name.value)
          : [],
      );
      expect(Object.keys(JSON.parse(tab.variables ?? '{}'))).toEqual(names);
    }
  });
});

describeEachDatabase('the tabs of GraphiQL', (database) => {
  it('run unchanged', async () => {
    await using running = await startApp({ database });
    for (const { kind, query, variables } of operations) {
      if (kind === OperationTypeNode.SUBSCRIPTION) continue;
      expect(await running.query(query, variables)).toBeDefined();
    }
  });

  it('show what they promise: a recorded call with its cost, a rejected one, and the live event', async () => {
    await using running = await startApp({ database });
    const client = createClient({ url: running.webSocketUrl, webSocketImpl: WebSocket });
    const event = client.iterate({ query: operationNamed('LiveCalls').query }).next();
    await running.waitForSubscriptions(1);
    const record = operationNamed('RecordCalls');
    expect(await running.query(record.query, record.variables)).toMatchObject({
      recordLlmCalls: { accepted: 1, duplicates: 0, rejected: [{ index: 1, field: 'latencyMs' }] },
    });
    expect((await event).value).toMatchObject({
      data: { llmCallRecorded: { service: 'graphiql', cost: expect.closeTo(0.000288, 9) } },
    });
    expect(await running.query(operationNamed('LastWeek').query)).toMatchObject({
      llmCallAnalytics: { totals: { count: 1 }, groups: [{ dimensions: { model: 'gpt-4o-mini' } }] },
    });
    await client.dispose();
  });

  it('show an alert that is raised, seen live, acknowledged and listed, and the answer to a repetition', async () => {
    await using running = await startApp({ database });
    const client = createClient({ url: running.webSocketUrl, webSocketImpl: WebSocket });
    const raised = client.iterate({ query: operationNamed('RaisedAlerts').query }).next();
    await running.waitForSubscriptions(1);
    const raise = operationNamed('RaiseAlert');
    const taken = { status: 'ACKNOWLEDGED', acknowledgedBy: 'ana@acme.example' };
    expect(await running.query(raise.query, raise.variables)).toMatchObject({
      raiseAlert: { created: true, alert: { status: 'OPEN' } },
      acknowledgeAlert: { alert: taken },
    });
    expect((await raised).value).toMatchObject({
      data: { alertRaised: { severity: 'WARNING', source: 'graphiql' } },
    });
    expect(await running.query(operationNamed('OpenAlerts').query)).toMatchObject({
      alertCounts: [{ severity: 'WARNING', status: 'ACKNOWLEDGED', type: 'SYSTEM', count: 1 }],
      alerts: { nodes: [{ alertId: 'graphiql-1', acknowledgedBy: taken.acknowledgedBy }] },
    });
    expect((await running.execute(raise.query, raise.variables)).errors).toMatchObject([
      { message: expect.stringContaining(taken.acknowledgedBy), extensions: { code: 'CONFLICT' } },
    ]);
    await client.dispose();
  });

  it('create the rule that they preview', async () => {
    const { newRule } = operationNamed('CreateRule').variables!;
    const { ruleId: _, name: __, ...rule } = newRule as Record<string, unknown>;
    expect(rule).toEqual(operationNamed('TryRule').variables!['rule']);
  });
});
