import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { uuidOf } from '../../support/events.ts';
import { NOW, startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { type AlertRules, alertRulesOf } from './support/alert-rules.ts';

const SLOW = {
  ruleId: 'slow-calls',
  name: 'Calls are slow',
  description: 'Look at the status page of the provider.',
  type: 'PERFORMANCE',
  enabled: true,
  dataset: 'llmCalls',
  filter: { provider: { in: ['openai', 'anthropic'] }, cached: { eq: false } },
  aggregate: 'QUANTILE',
  measure: 'latencyMs',
  quantile: 0.95,
  groupBy: ['provider', 'model'],
  comparator: 'GT',
  warning: 2000,
  critical: 5000,
  window: 'PT5M',
  for: 'PT2M',
  minimumCount: 20,
  absent: 'KEEP',
  recoverAfter: 'PT3M',
  renotify: 'PT1H',
  webhooks: ['on-call'],
};
const COUNT = {
  ruleId: 'busy',
  name: 'Busy',
  dataset: 'requestLogs',
  aggregate: 'COUNT',
  comparator: 'GT',
  warning: 10,
  window: 'PT1M',
};
const MEASURES_OF_REQUESTS = 'requestLogs has no measure "cost". It has latencyMs.';

describeEachDatabase('createAlertRule', (database) => {
  let graphql: TestGraphQL;
  let rules: AlertRules;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    rules = alertRulesOf(graphql.run);
    const [createdAt, updatedAt] = [new Date(NOW), new Date(NOW)];
    await graphql.services.store.prisma.webhook.create({
      data: {
        projectId: 'default',
        id: uuidOf(1),
        webhookId: 'on-call',
        url: 'https://example.org',
        enabled: true,
        minSeverity: 'INFO',
        types: [],
        secret: 'whsec_AAAA',
        createdAt,
        updatedAt,
      },
    });
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  test('stores the given values', async () => {
    const rule = await rules.change('createAlertRule', SLOW);
    const { id, uuid } = rule;
    expect(rule).toEqual({
      ...SLOW,
      id: `AlertRule:${uuid}`,
      uuid,
      problem: null,
      createdAt: NOW,
      updatedAt: NOW,
    });
    expect(await rules.rule('slow-calls')).toEqual(rule);
    const { node } = await graphql.data(
      'query ($id: ID!) { node(id: $id) { ... on AlertRule { ruleId } } }',
      { id },
    );
    expect(node).toEqual({ ruleId: 'slow-calls' });
  });

  test('fills in defaults', async () => {
    expect(await rules.change('createAlertRule', COUNT)).toMatchObject({
      ...COUNT,
      description: null,
      type: 'PERFORMANCE',
      enabled: true,
      filter: null,
      measure: null,
      quantile: null,
      groupBy: [],
      critical: null,
      for: 'PT0S',
      minimumCount: 0,
      absent: 'OK',
      recoverAfter: 'PT0S',
      renotify: null,
      webhooks: [],
    });
  });

  test('is a CONFLICT if the rule exists, and shows the rule', async () => {
    await rules.change('createAlertRule', { ...COUNT, ruleId: 'twice' });
    const error = await rules.refuse('createAlertRule', { ...COUNT, ruleId: 'twice', warning: 99 });
    expect(error.message).toBe('The alert rule "twice" already exists: update it instead.');
    expect(error.extensions).toMatchObject({
      code: 'CONFLICT',
      argument: 'input.ruleId',
      current: { ruleId: 'twice', warning: 10, updatedAt: NOW },
    });
    expect(
      await alertRulesOf(graphql.run, 'another').change('createAlertRule', { ...COUNT, ruleId: 'twice' }),
    ).toMatchObject({ ruleId: 'twice' });
  });

  test('does not show rules of another project or unknown ones', async () => {
    expect(await rules.rule('nobody')).toBeNull();
    expect(await alertRulesOf(graphql.run, 'empty').rule('slow-calls')).toBeNull();
  });

  test.each<[string, Record<string, unknown>, string, string | RegExp]>([
    [
      'an id that is not a slug',
      { ruleId: 'Slow Calls' },
      'ruleId',
      /must be a slug such as "slow-checkout"/,
    ],
    [
      'the id of the health rule',
      { ruleId: 'health' },
      'ruleId',
      '"health" is reserved for health alerts: choose another id.',
    ],
    ['a blank name', { name: ' ' }, 'name', /more than white space/],
    [
      'an unknown dataset',
      { dataset: 'llmcalls' },
      'dataset',
      /^There is no dataset "llmcalls"\. There are requestLogs, llmCalls, /,
    ],
    [
      'a filter of another dataset',
      { filter: { model: { eq: 'x' } } },
      'filter.model',
      /^There is no field model to filter by\. The fields are .*, latencyMs, .*, attributes, tags; /,
    ],
    [
      'a value of another type in the filter',
      { filter: { or: [{ statusCode: { gte: '500' } }] } },
      'filter.or.0.statusCode.gte',
      'input.filter.or.0.statusCode.gte takes a finite number.',
    ],
    [
      'a value that no event can have',
      { dataset: 'healthSamples', filter: { overallStatus: { eq: 'BROKEN' } } },
      'filter.overallStatus.eq',
      'input.filter.overallStatus.eq takes one of HEALTHY, DEGRADED, UNHEALTHY.',
    ],
    ['a filter that is not an object', { filter: 'all' }, 'filter', /must be a JSON object/],
    [
      'a sum without a measure',
      { aggregate: 'SUM' },
      'measure',
      'SUM needs a measure of requestLogs: latencyMs.',
    ],
    ['a measure of another dataset', { aggregate: 'SUM', measure: 'cost' }, 'measure', MEASURES_OF_REQUESTS],
    [
      'a dimension as a measure',
      { aggregate: 'MAX', measure: 'statusCode' },
      'measure',
      /It has latencyMs\.$/,
    ],
    [
      'a count of a measure',
      { measure: 'latencyMs' },
      'measure',
      /^COUNT applies to events, not to a measure: omit `measure`/,
    ],
    [
      'a quantile without a level',
      { aggregate: 'QUANTILE', measure: 'latencyMs' },
      'quantile',
      'QUANTILE needs `quantile`, from 0 to 1: 0.95 is the 95th percentile.',
    ],
    [
      'a quantile above 1',
      { aggregate: 'QUANTILE', measure: 'latencyMs', quantile: 95 },
      'quantile',
      /from 0 to 1/,
    ],
    [
      'a mean with a quantile',
      { aggregate: 'AVG', measure: 'latencyMs', quantile: 0.5 },
      'quantile',
      'AVG takes no quantile: omit `quantile`, or choose QUANTILE.',
    ],
    [
      'an error rate of a dataset without failures',
      { dataset: 'healthSamples', aggregate: 'ERROR_RATE' },
      'aggregate',
      'healthSamples does not record whether an event succeeded, so it has no ERROR_RATE.',
    ],
    [
      'an error rate in percent',
      { aggregate: 'ERROR_RATE', warning: 5 },
      'warning',
      /a share from 0 to 1, such as 0\.05 for 5 %/,
    ],
    [
      'a group by something that is not a dimension',
      { groupBy: ['endpoint', 'latencyMs'] },
      'groupBy.1',
      /^requestLogs has no dimension "latencyMs"\. It has service, environment, endpoint, /,
    ],
    [
      'a threshold that is always passed',
      { comparator: 'GTE', warning: 0 },
      'warning',
      '`warning` is always passed: COUNT is never less than 0, and the rule asks for GTE 0.',
    ],
    ['no threshold', { warning: null }, 'warning', 'A rule needs `warning`, `critical`, or both.'],
    [
      'a critical threshold that is passed first',
      { critical: 5 },
      'critical',
      /must be greater than `warning` \(10\), not 5/,
    ],
    ['equal thresholds', { critical: 10 }, 'critical', /must be greater than `warning` \(10\), not 10/],
    [
      'such thresholds in descending order',
      { comparator: 'LT', critical: 20 },
      'critical',
      /must be less than `warning` \(10\), not 20/,
    ],
    ['a window without a fixed length', { window: 'P1M' }, 'window', /duration of fixed length/],
    ['a window that is too short', { window: 'PT9S' }, 'window', /from 10 to 2678400 seconds/],
    [
      'a webhook that does not exist',
      { webhooks: ['on-call', 'nobody'] },
      'webhooks.1',
      'There is no webhook "nobody".',
    ],
  ])('refuses %s', async (_, fields, argument, message) => {
    const error = await rules.refuse('createAlertRule', { ...COUNT, ruleId: 'refused', ...fields });
    expect(error.message).toMatch(message);
    expect(error.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: `input.${argument}` });
    expect(await rules.rule('refused')).toBeNull();
  });
});
