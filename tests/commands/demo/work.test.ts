import { describe, expect, it } from 'vitest';
import { generateActivities } from '../../../src/commands/demo/generate.ts';
import { AGENTS } from '../../../src/commands/demo/team/agents.ts';
import { createTeam, FILL_PACE } from '../../../src/commands/demo/team/team.ts';

const DAY_MS = 86_400_000;
/** A Sunday afternoon. */
const anchor = Date.parse('2026-11-22T17:23:45.678Z');
const month = { seed: 1, scale: 0.15, anchor };
const monthStart = anchor - 30 * DAY_MS;

describe('the work of the month', () => {
  const activities = [...generateActivities(month, monthStart, anchor)];
  const { gitCommits = [], taskEvents = [] } = createTeam(month).between(monthStart, anchor, FILL_PACE);

  it('is served by releases that are merges, each from its rollout until the next one', () => {
    const commits = new Map(gitCommits.map((commit) => [commit.commitHash, commit]));
    const spans = new Map<unknown, { from: number; to: number }>();
    for (const { startedAt, activity } of activities) {
      const { release } = activity.requestLogs[0] as { release?: string };
      expect(activity.llmCalls.every((call) => call.release === release)).toBe(true);
      if (release === undefined) expect(startedAt).toBeLessThan(monthStart + 4 * DAY_MS);
      else spans.set(release, { from: spans.get(release)?.from ?? startedAt, to: startedAt });
    }
    expect(spans.size).toBeGreaterThanOrEqual(8);
    let before = monthStart;
    for (const [release, { from, to }] of spans) {
      const { branch, repository, timestamp } = commits.get(release) as Record<string, string>;
      expect([branch, repository]).toEqual(['main', 'acme/api']);
      expect(Date.parse(timestamp as string)).toBeLessThanOrEqual(from);
      expect(from).toBeGreaterThanOrEqual(before);
      before = to;
    }
  });

  it('has reviews of the tasks that agents work on at the time, and calls that name them', () => {
    const truncate = new Map(
      taskEvents
        .filter(({ eventType }) => eventType === 'STARTED')
        .map(({ taskId, changedBy, timestamp }) => [
          `${taskId} ${changedBy}`,
          Date.parse(timestamp as string),
        ]),
    );
    const byAgent = new Map<unknown, number>();
    let ofPeople = 0;
    for (const { startedAt, activity } of activities) {
      const { service, agentId, taskId } = activity.requestLogs[0] as Record<string, string | undefined>;
      for (const call of activity.llmCalls) expect([call.agentId, call.taskId]).toEqual([agentId, taskId]);
      if (service !== 'code-review') expect(agentId).toBeUndefined();
      else if (agentId === undefined) ofPeople++;
      else {
        expect(truncate.get(`${taskId} ${agentId}`)).toBeLessThanOrEqual(startedAt);
        byAgent.set(agentId, (byAgent.get(agentId) ?? 0) + 1);
      }
    }
    expect(byAgent.size).toBe(AGENTS.length);
    expect(Math.min(...byAgent.values())).toBeGreaterThan(50);
    expect(ofPeople).toBeGreaterThan(50);
  });
});
