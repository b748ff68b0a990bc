import { OperationTypeNode, parse, validate } from 'graphql';
import { createClient } from 'graphql-ws';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createSchema } from '../../src/schema.ts';
import type { GraphiqlTab } from '../../src/server/graphiql-tabs/tab.ts';
import { graphiqlTabs } from '../../src/server/graphiql-tabs/tabs.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { startApp } from '../support/start-app.ts';

function operationOf({ query }: GraphiqlTab): { name: string; operation: OperationTypeNode } {
  const [definition] = parse(query).definitions;
  if (definition?.kind !== 'OperationDefinition') throw new Error('A tab has no operation');
  return { name: definition.name?.value ?? '', operation: definition.operation };
}

const tabNamed = (name: string) => graphiqlTabs.find((tab) => operationOf(tab).name === name)!;
const variablesOf = ({ variables }: GraphiqlTab) =>
  variables === undefined ? undefined : JSON.parse(variables);

describe('the tabs of GraphiQL', () => {
  const schema = createSchema();

  it.each(graphiqlTabs.map((tab) => [operationOf(tab).name, tab] as const))('%s is valid', (_, tab) => {
    expect(validate(schema, parse(tab.query))).toEqual([]);
  });

  it('have names of their own, which GraphiQL shows as titles', () => {
    const names = graphiqlTabs.map((tab) => operationOf(tab).name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).not.toContain('');
  });
});

describeEachDatabase('the tabs of GraphiQL', (database) => {
  it('run as they stand', async () => {
    await using running = await startApp({ database });
    for (const tab of graphiqlTabs) {
      if (operationOf(tab).operation === OperationTypeNode.SUBSCRIPTION) continue;
      expect(await running.query(tab.query, variablesOf(tab))).toBeDefined();
    }
  });

  it('show what they promise: a recorded call with its cost, a rejected one, and the live event', async () => {
    await using running = await startApp({ database });
    const client = createClient({ url: running.webSocketUrl, webSocketImpl: WebSocket });
    const event = client.iterate({ query: tabNamed('LiveCalls').query }).next();
    await running.waitForSubscriptions(1);
    const record = tabNamed('RecordCalls');
    expect(await running.query(record.query, variablesOf(record))).toMatchObject({
      recordLlmCalls: { accepted: 1, duplicates: 0, rejected: [{ index: 1, field: 'latencyMs' }] },
    });
    expect((await event).value).toMatchObject({
      data: { llmCallRecorded: { service: 'graphiql', cost: expect.closeTo(0.000288, 9) } },
    });
    expect(await running.query(tabNamed('LastWeek').query)).toMatchObject({
      llmCallAnalytics: { totals: { count: 1 }, groups: [{ dimensions: { model: 'gpt-4o-mini' } }] },
    });
    await client.dispose();
  });

  it('show an alert that is raised, seen live, taken and listed, and what the second time says', async () => {
    await using running = await startApp({ database });
    const client = createClient({ url: running.webSocketUrl, webSocketImpl: WebSocket });
    const told = client.iterate({ query: tabNamed('RaisedAlerts').query }).next();
    await running.waitForSubscriptions(1);
    const raise = tabNamed('RaiseAlert');
    const taken = { status: 'ACKNOWLEDGED', acknowledgedBy: 'ana@acme.example' };
    expect(await running.query(raise.query, variablesOf(raise))).toMatchObject({
      raiseAlert: { created: true, alert: { status: 'OPEN' } },
      acknowledgeAlert: { alert: taken },
    });
    expect((await told).value).toMatchObject({
      data: { alertRaised: { severity: 'WARNING', source: 'graphiql' } },
    });
    expect(await running.query(tabNamed('OpenAlerts').query)).toMatchObject({
      alertCounts: [{ severity: 'WARNING', status: 'ACKNOWLEDGED', type: 'SYSTEM', count: 1 }],
      alerts: { nodes: [{ alertId: 'graphiql-1', acknowledgedBy: taken.acknowledgedBy }] },
    });
    expect((await running.execute(raise.query, variablesOf(raise))).errors).toMatchObject([
      { message: expect.stringContaining(taken.acknowledgedBy), extensions: { code: 'CONFLICT' } },
    ]);
    await client.dispose();
  });

  it('create the rule that they try', async () => {
    const { ruleId, name, ...rule } = variablesOf(tabNamed('CreateRule')).rule;
    expect(rule).toEqual(variablesOf(tabNamed('TryRule')).rule);
  });
});
