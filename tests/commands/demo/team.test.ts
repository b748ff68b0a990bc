import { describe, expect, it } from 'vitest';
import { MONTH_RULES } from '../../../src/commands/demo/alert-rules.ts';
import type { DemoEvents } from '../../../src/commands/demo/demo-events.ts';
import type { MonthOptions } from '../../../src/commands/demo/rhythm.ts';
import { incidentOf } from '../../../src/commands/demo/rhythm.ts';
import { silenceOf } from '../../../src/commands/demo/team/jobs.ts';
import { createTeam, FILL_PACE, LIVE_PACE } from '../../../src/commands/demo/team/team.ts';
import { defined } from '../../../src/core/defined.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;
/** A Sunday afternoon. */
const anchor = Date.parse('2026-11-22T17:23:45.678Z');
const month: MonthOptions = { seed: 1, scale: 1, anchor };
const from = anchor - 30 * DAY_MS;

const timeOf = ({ timestamp }: Readonly<Record<string, unknown>>) => Date.parse(timestamp as string);
const keyOf = (event: Readonly<Record<string, unknown>>) => (event.commitHash ?? event.id) as string;
const keysOf = (events: DemoEvents) => Object.values(events).flat().map(keyOf).sort();

describe('the month of the team', () => {
  const all = createTeam(month).between(from, anchor, FILL_PACE);
  const { taskEvents = [], agentMetrics = [], gitCommits = [], healthSamples = [], ragMetrics = [] } = all;
  const { toolCalls = [] } = all;

  it('has events of every kind, in time order, each once', () => {
    expect(taskEvents.length).toBeGreaterThan(3000);
    expect(agentMetrics.length).toBeGreaterThan(20_000);
    expect(gitCommits.length).toBeGreaterThan(1000);
    expect(healthSamples.length).toBeGreaterThan(10_000);
    expect(ragMetrics.length).toBeGreaterThan(2000);
    for (const events of Object.values(all)) {
      const times = events.map(timeOf);
      expect(times).toEqual(times.toSorted((one, other) => one - other));
      expect(times[0]).toBeGreaterThanOrEqual(from);
      expect(times.at(-1)).toBeLessThan(anchor);
    }
    const keys = keysOf(all);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('has an agent whose tool calls are refused more often than its rule tolerates', () => {
    const rule = defined(MONTH_RULES.find(({ ruleId }) => ruleId === 'refused-tools'));
    const refused = toolCalls.filter(({ decision }) => decision === 'REJECTED');
    const within = (call: (typeof refused)[number]) =>
      refused.filter(
        (other) =>
          other.agentId === call.agentId &&
          timeOf(other) <= timeOf(call) &&
          timeOf(other) > timeOf(call) - DAY_MS,
      ).length;
    expect(Math.max(...refused.map(within))).toBeGreaterThan(Number(rule['warning']));
  });

  it('moves tasks step by step, and leaves a board of about sixty tasks', () => {
    const board = new Map<unknown, unknown>();
    for (const { taskId, eventType, previousStatus, newStatus } of taskEvents) {
      if (eventType === 'CREATED') expect(board.has(taskId)).toBe(false);
      else if (eventType !== 'ASSIGNED') expect(previousStatus).toBe(board.get(taskId));
      if (eventType === 'DELETED') board.delete(taskId);
      else board.set(taskId, newStatus ?? board.get(taskId));
    }
    expect(board.size).toBeGreaterThan(25);
    expect(board.size).toBeLessThan(100);
    expect(new Set(board.values())).toContain('done');
  });

  it('has one agent that goes silent halfway through', () => {
    const silentFrom = silenceOf(month);
    const ofAgent = (agentId: string) => agentMetrics.filter((event) => event.agentId === agentId);
    expect(Math.max(...ofAgent('migrator').map(timeOf))).toBeLessThan(silentFrom);
    expect(Math.max(...ofAgent('tester').map(timeOf))).toBeGreaterThan(anchor - 20 * MINUTE_MS);
    const later = [...taskEvents, ...gitCommits].filter((event) => timeOf(event) >= silentFrom);
    expect(later.some(({ changedBy, agentId }) => [changedBy, agentId].includes('migrator'))).toBe(false);
  });

  it('shows the incident only in the samples of services that call the provider', () => {
    const incident = incidentOf(month);
    const bad = (service: string, begin: number, end: number) => {
      const some = healthSamples.filter(
        (event) => event.service === service && timeOf(event) >= begin && timeOf(event) < end,
      );
      return some.filter(({ overallStatus }) => overallStatus !== 'HEALTHY').length / some.length;
    };
    expect(bad('code-review', incident.from, incident.to)).toBeGreaterThan(0.7);
    expect(bad('code-review', from, incident.from)).toBeLessThan(0.01);
    expect(bad('nightly-classifier', from, anchor)).toBeLessThan(0.01);
  });
});

describe('repetition', () => {
  const to = anchor - 3 * DAY_MS;

  it.each([
    ['fill', FILL_PACE],
    ['live', LIVE_PACE],
  ])('the %s gives the same events, wherever it is cut', (_, pace) => {
    const whole = createTeam(month).between(to - 5 * 3_600_000, to, pace);
    const team = createTeam(month);
    const pieces = [0, 1, 2, 3, 4].flatMap((hour) => {
      const begin = to - (5 - hour) * 3_600_000;
      const middle = begin + 1_234_567;
      return [team.between(begin, middle, pace), team.between(middle, begin + 3_600_000, pace)];
    });
    expect(pieces.flatMap(keysOf).sort()).toEqual(keysOf(whole));
  });

  it('another seed gives others', () => {
    const other = createTeam({ ...month, seed: 2 }).between(to - DAY_MS, to, FILL_PACE);
    const known = new Set(keysOf(createTeam(month).between(to - DAY_MS, to, FILL_PACE)));
    expect(keysOf(other).some((key) => known.has(key))).toBe(false);
  });
});

describe('the live team', () => {
  const live = createTeam(month).between(anchor, anchor + 6 * MINUTE_MS, LIVE_PACE);

  it('moves the board and the agents several times a minute, even on a Sunday evening', () => {
    const moves = live.taskEvents?.filter(({ newStatus }) => newStatus !== undefined) ?? [];
    expect(moves.length).toBeGreaterThan(6 * 8);
    const tasks = new Set(live.agentMetrics?.map(({ agentId, currentTask }) => `${agentId} ${currentTask}`));
    expect(tasks.size).toBeGreaterThan(8);
    expect(live.gitCommits?.length).toBeGreaterThan(0);
  });

  it('has a service that is degraded for a while', () => {
    const statuses = live.healthSamples
      ?.filter(({ service }) => service === 'document-search')
      .map(({ overallStatus }) => overallStatus);
    expect(new Set(statuses)).toEqual(new Set(['HEALTHY', 'DEGRADED']));
  });
});
