import { afterAll, beforeAll, expect, it } from 'vitest';
import { alertRules } from '../../../src/declarations/alerts/alert-rules.ts';
import { toEntity } from '../../../src/graphql/entities/entity.ts';
import { toPrismaData } from '../../../src/graphql/states/state-values.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { alertsOf } from './support/alerts.ts';

const COUNTS = 'query ($filter: AlertFilter) { alertCounts(filter: $filter) { type severity status count } }';

describeEachDatabase('counts of alerts', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    const { raise, acknowledge, resolve } = alertsOf(graphql);
    await raise('i', { type: 'TASK', severity: 'INFO', source: 'a' });
    await raise('w', { type: 'COST', severity: 'WARNING', source: 'a' });
    for (const alertId of ['c1', 'c2', 'c3']) await raise(alertId, { type: 'COST', severity: 'CRITICAL' });
    await raise('s', { type: 'SYSTEM', severity: 'CRITICAL', source: 'a' });
    await acknowledge('c2');
    await resolve('s');
    await alertsOf(graphql, 'another-project').raise('theirs');
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const counts = async (filter?: object) => {
    const { alertCounts } = await graphql.data(COUNTS, { filter });
    return alertCounts.map((count: Record<string, unknown>) => Object.values(count).join(' '));
  };

  it('counts by type, severity and status, the worst first, by one statement', async () => {
    const statements = await graphql.countStatements(async () => {
      expect(await counts()).toEqual([
        'COST CRITICAL OPEN 2',
        'COST CRITICAL ACKNOWLEDGED 1',
        'SYSTEM CRITICAL RESOLVED 1',
        'COST WARNING OPEN 1',
        'TASK INFO OPEN 1',
      ]);
    });
    expect(statements).toBe(1);
  });

  it('counts the alerts of a filter', async () => {
    expect(await counts({ source: { eq: 'a' }, status: { ne: 'RESOLVED' } })).toEqual([
      'COST WARNING OPEN 1',
      'TASK INFO OPEN 1',
    ]);
    expect(await counts({ type: { in: [] } })).toEqual([]);
    const { errors } = await graphql.run(COUNTS, { filter: { id: { eq: 'nothing' } } });
    expect(errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', argument: 'filter.id.eq' });
  });

  it('leads from alerts to the rule that raised them, and back', async () => {
    const { services } = graphql;
    const rule = { dataset: 'llmCalls', aggregate: 'COUNT', comparator: 'GT', critical: 5, window: 'PT5M' };
    const row = services.stateChecks.toRow(alertRules, 'default', { ruleId: 'busy', name: 'Busy', ...rule });
    const data = toPrismaData(alertRules, toEntity(alertRules, row));
    await services.store.prisma.alertRule.create({ data });
    for (const [alertId, ruleId] of [
      ['r1', 'busy'],
      ['r2', 'busy'],
      ['r3', 'deleted'],
    ] as const) {
      await services.alerting.alertBook.change('default', (writer) =>
        writer.raise({
          alertId,
          type: 'PERFORMANCE',
          severity: 'CRITICAL',
          title: 'Busy',
          message: null,
          source: `rule:${ruleId}`,
          metadata: null,
          raisedAt: new Date(services.clock.now()),
          rule: { ruleId, labels: { provider: 'openai' }, value: 7, threshold: 5 },
        }),
      );
    }
    const {
      r1,
      r3,
      own,
      alertRules: rules,
    } = await graphql.data(`{
      r1: alert(alertId: "r1") { ruleId labels value threshold rule { ruleId name } }
      r3: alert(alertId: "r3") { ruleId rule { ruleId } }
      own: alert(alertId: "i") { rule { ruleId } }
      alertRules { nodes { alerts { totalCount nodes { alertId } } } }
    }`);
    const measured = { labels: { provider: 'openai' }, value: 7, threshold: 5 };
    expect(r1).toEqual({ ruleId: 'busy', ...measured, rule: { ruleId: 'busy', name: 'Busy' } });
    expect(r3).toEqual({ ruleId: 'deleted', rule: null });
    expect(own).toEqual({ rule: null });
    const [{ alerts }] = rules.nodes;
    expect(alerts.totalCount).toBe(2);
    expect(alerts.nodes.map(({ alertId }: { alertId: string }) => alertId).toSorted()).toEqual(['r1', 'r2']);
  });
});
