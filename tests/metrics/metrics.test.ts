import { afterAll, beforeAll, expect, it } from 'vitest';
import { createProjectMetrics } from '../../src/metrics/project-metrics.ts';
import { textOf } from '../deploy/support.ts';
import { bearer, makeKey } from '../server/support/keys.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { errorLog, llmCall, requestLog } from '../support/events.ts';
import { startApp, type TestApp } from '../support/start-app.ts';
import { createTestClock } from '../support/test-clock.ts';
import { parseMetrics, type Sample } from './support/parse-metrics.ts';

const HOUR = 3_600_000;
const NOON = Date.parse('2026-05-04T12:00:00Z');
const DAY = 24 * HOUR;

describeEachDatabase('metrics for Prometheus', (database) => {
  const clock = createTestClock(NOON);
  let running: TestApp;
  let admin: string;
  const projectKeys = new Map<string, string>();
  const ids = new Map<string, string>();

  beforeAll(async () => {
    running = await startApp({ database, clock, environment: { METRICS_PORT: '0' } });
    const { services } = running.app;
    admin = (await makeKey(running, { projectId: null, scopes: ['ADMIN'] })).text;
    for (const projectId of ['blog', 'shop', 'ingesting']) {
      await services.projects.create({ projectId, name: projectId });
      const scopes = projectId === 'ingesting' ? (['INGEST'] as const) : (['READ'] as const);
      const { id, text } = await makeKey(running, { projectId, scopes: [...scopes] });
      projectKeys.set(projectId, text);
      ids.set(projectId, id);
    }
  });
  afterAll(() => running[Symbol.asyncDispose]());

  const dataset = (name: string) => {
    const found = running.app.services.datasets.find((one) => one.name === name);
    if (found === undefined) throw new Error(name);
    return found;
  };
  const record = (projectId: string, name: string, ...events: object[]) =>
    running.app.services.ingest.record(projectId, [{ dataset: dataset(name), events }]);
  const at = (time: number) => ({ timestamp: new Date(time).toISOString() });
  const url = () => running.url.replace('/graphql', '/metrics');
  const get = (key: string, path = '', method = 'GET') =>
    fetch(`${url()}${path}`, { method, headers: bearer(key) });

  it('count what projects record, and never decrease', async () => {
    const call = (time: number, fields = {}) =>
      llmCall({ ...at(time), service: 'web', cost: 0.25, ...fields });
    await record('shop', 'llmCalls', call(NOON - HOUR), call(NOON - DAY));
    const metrics = createProjectMetrics({ ...running.app.services, projectId: 'shop' });
    const read = async () => new Map((await metrics.registry.getMetricsAsJSON()).flatMap(valuesOf));
    await metrics.refresh();
    const calls = 'telltale_llm_calls_total openai gpt-4o-mini shop web';
    expect((await read()).get(`${calls} success`)).toBe(0);

    await record(
      'shop',
      'llmCalls',
      call(NOON, { promptTokens: 70, completionTokens: 7 }),
      // This event is late, and failed.
      call(NOON - DAY - HOUR, { success: false, cost: undefined, model: 'unheard-of' }),
      call(NOON + DAY - 11 * HOUR),
    );
    await record('shop', 'requestLogs', requestLog('r1', { ...at(NOON), service: 'web' }));
    await record('shop', 'errorLogs', errorLog({ ...at(NOON), service: 'web' }));
    await metrics.refresh();
    await metrics.refresh();
    const found = await read();
    expect(found.get(`${calls} success`)).toBe(1);
    expect(found.get('telltale_llm_calls_total openai unheard-of shop web error')).toBe(1);
    expect(found.get('telltale_llm_unpriced_calls_total openai unheard-of shop web')).toBe(1);
    expect(found.get('telltale_llm_cost_usd_total openai gpt-4o-mini shop web')).toBe(0.25);
    expect(found.get('telltale_llm_tokens_total openai gpt-4o-mini shop web prompt')).toBe(70);
    expect(found.get('telltale_service_requests_total shop web success')).toBe(1);
    expect(found.get('telltale_service_errors_total shop web')).toBe(1);

    // Tomorrow begins, and events that were recorded for it before count then.
    clock.set(NOON + DAY);
    await metrics.refresh();
    expect((await read()).get(`${calls} success`)).toBe(2);
    await running.app.services.store.query
      .deleteFrom('rollup_cells')
      .where('project_id', '=', 'shop')
      .execute();
    await metrics.refresh();
    expect((await read()).get(`${calls} success`)).toBe(2);
    clock.set(NOON);
  });

  it('show a project to its key, but nothing of the server or of other projects', async () => {
    await record('blog', 'llmCalls', llmCall({ ...at(NOON), service: 'secret' }));
    const ofShop = parseMetrics(await (await get(projectKeys.get('shop') ?? '')).text());
    expect(new Set(ofShop.map(({ labels }) => labels['project']))).toEqual(new Set(['shop', undefined]));
    expect(names(ofShop).filter((name) => !/^telltale_(llm|service|alerts|metrics)_/.test(name))).toEqual([]);
    const ofBlog = parseMetrics(await (await get(projectKeys.get('blog') ?? '')).text());
    expect(ofBlog).toContainEqual(
      expect.objectContaining({
        name: 'telltale_llm_calls_total',
        labels: expect.objectContaining({ service: 'secret', project: 'blog', outcome: 'success' }),
      }),
    );
  });

  it('show the server and the projects to a key for all', async () => {
    await running.execute('{ nope }');
    // The second answer comes from the cache of documents.
    for (const _ of [1, 2]) {
      await fetch(running.url, {
        method: 'POST',
        headers: { ...bearer(admin), 'content-type': 'application/json' },
        body: JSON.stringify({ query: '{ llmCalls { nope } }' }),
      });
    }
    const response = await get(admin);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const all = parseMetrics(await response.text());
    const value = (name: string, labels: Record<string, string> = {}) =>
      all.find((one) => one.name === name && Object.entries(labels).every(([k, v]) => one.labels[k] === v))
        ?.value;
    expect(value('telltale_ready')).toBe(1);
    expect(value('telltale_metrics_complete')).toBe(1);
    expect(value('telltale_http_requests_total', { endpoint: 'graphql', code: '401' })).toBeGreaterThan(0);
    expect(value('telltale_graphql_operations_total', { type: 'invalid', code: 'BAD_USER_INPUT' })).toBe(2);
    expect(
      value('telltale_ingest_events_total', { dataset: 'llmCalls', outcome: 'accepted' }),
    ).toBeGreaterThan(0);
    expect(value('telltale_commit_duration_seconds_count', { outcome: 'stored' })).toBeGreaterThan(0);
    expect(value('telltale_database_size_bytes')).toBeGreaterThan(0);
    expect(value('telltale_database_connections_limit')).toBeGreaterThan(0);
    expect(value('telltale_alerts_open', { project: 'blog', severity: 'CRITICAL' })).toBe(0);
    const some = parseMetrics(await (await get(admin, '?project=blog')).text());
    expect(new Set(some.map(({ labels }) => labels['project']))).toEqual(new Set(['blog', undefined]));
  });

  it('need a key that may read, and are complete at a port of their own', async () => {
    const refused = async (answer: Promise<Response>) => {
      const { errors } = (await (await answer).json()) as { errors: { extensions: { code: string } }[] };
      return [(await answer).status, errors[0]?.extensions.code];
    };
    const shop = projectKeys.get('shop') ?? '';
    const { text: token } = await running.app.services.readTokens.create(
      { projectId: 'shop', keyId: ids.get('shop') ?? null },
      { datasets: ['llmCalls'], filter: { endUser: { eq: 'u' } }, lifetime: 60_000 },
    );
    expect(await refused(fetch(url()))).toEqual([401, 'UNAUTHENTICATED']);
    expect(await refused(get(projectKeys.get('ingesting') ?? ''))).toEqual([403, 'FORBIDDEN']);
    expect(await refused(get(token))).toEqual([403, 'FORBIDDEN']);
    // The answer is the same for a project that exists and for one that does not.
    for (const path of ['?project=blog', '?project=none']) {
      expect(await refused(get(shop, path))).toEqual([403, 'FORBIDDEN']);
      expect(await refused(get(token, path))).toEqual([403, 'FORBIDDEN']);
    }
    expect(await refused(get(admin, '?project=none'))).toEqual([404, 'NOT_FOUND']);
    expect(await refused(get(admin, '?projects=shop'))).toEqual([400, 'BAD_USER_INPUT']);
    expect(await refused(get(shop, '', 'POST'))).toEqual([405, 'BAD_USER_INPUT']);
    const text = await (await fetch(running.metricsUrl)).text();
    const asked = textOf('deploy/prometheus/telltale-alerts.yml').match(/\btelltale_\w+/g) ?? [];
    expect(asked.length).toBeGreaterThan(10);
    // A remote database has no disk here.
    const shown = asked.filter((name) => database.dialect === 'sqlite' || !name.includes('_disk_'));
    for (const name of shown) expect(text).toContain(`# TYPE ${name.replace(/_bucket$/, '')} `);
    expect((await fetch(running.metricsUrl.replace('/metrics', '/graphql'))).status).toBe(404);
  });
});

const names = (samples: readonly Sample[]): string[] => [...new Set(samples.map(({ name }) => name))];

/** `name` and the values of its labels in the order of their names. */
function valuesOf({ name, values }: { name: string; values?: { value: number; labels: object }[] }) {
  return (values ?? []).map(({ value, labels }): [string, number] => {
    const shown = Object.entries(labels).toSorted(
      ([one], [other]) => ORDER.indexOf(one) - ORDER.indexOf(other),
    );
    return [[name, ...shown.map(([, text]) => text)].join(' '), value];
  });
}

const ORDER = ['provider', 'model', 'project', 'service', 'outcome', 'type', 'severity'];
