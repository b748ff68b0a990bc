import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { loadConfig } from '../../src/config/config.ts';
import type { OwnFacts } from '../../src/monitoring/own-facts.ts';
import { OWN_RULES } from '../../src/monitoring/own-rules.ts';
import { ownSample } from '../../src/monitoring/own-sample.ts';
import { WELL } from './support.ts';

const { health } = loadConfig({});
const KEY = { id: '01940000-0000-7000-8000-000000000000', time: 0, instance: 'a' };
const sampleOf = (facts: Partial<OwnFacts>) => ownSample({ ...WELL, ...facts }, health, KEY);

it.each<[string, Partial<OwnFacts>]>([
  ['HEALTHY', {}],
  ['UNHEALTHY', { notReady: 'The database does not answer.', stored: null }],
  ['UNHEALTHY', { eventLoopDelayMs: 1000 }],
  ['DEGRADED', { failedCalls: 1 }],
  ['DEGRADED', { queueShare: 0.8 }],
  ['DEGRADED', { cpuUsage: 85 }],
  ['DEGRADED', { memoryUsage: 85 }],
  ['UNHEALTHY', { disk: { usage: 95, freeBytes: 1 } }],
  ['HEALTHY', { disk: null, stored: null }],
])('is %s with %j', (status, facts) => {
  expect(sampleOf(facts).overallStatus).toBe(status);
});

it('says why the server is not ready, and omits unknown values', () => {
  const sample = sampleOf({ notReady: 'The disk is full.', disk: null, stored: null });
  expect(sample).toMatchObject({ details: { notReady: 'The disk is full.' }, attributes: { ready: false } });
  expect(sample).not.toHaveProperty('diskUsage');
  expect(sample.attributes).not.toHaveProperty('databaseBytes');
});

it('has every value that the rules use', () => {
  const sample = sampleOf({});
  const asked = OWN_RULES.flatMap(({ measure, filter }) => [
    ...(measure === undefined ? [] : [measure]),
    ...((filter as { attributes?: { path: string }[] }).attributes ?? []).map(
      ({ path }) => `attributes.${path}`,
    ),
  ]);
  expect(asked).toHaveLength(OWN_RULES.length);
  for (const path of asked) expect(sample).toHaveProperty(String(path));
});

it('has exactly the rules that the manual explains', () => {
  const manual = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
  const explained = [...manual.matchAll(/^\| `(telltale-[a-z-]+)` \|/gm)].map(([, ruleId]) => ruleId);
  expect(explained.sort()).toEqual(OWN_RULES.map(({ ruleId }) => ruleId).sort());
});
