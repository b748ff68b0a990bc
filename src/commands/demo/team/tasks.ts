import { MINUTE_MS } from '../../../core/time/units.ts';
import type { Random } from '../random.ts';
import type { MonthOptions } from '../rhythm.ts';
import { BLOCKERS, PLANNER } from './agents.ts';
import { type Job, silenceOf, teamRandom } from './jobs.ts';
import { playSession, sessionOf } from './sessions.ts';
import { drawHex, type TeamEvent, teamEvent } from './team-event.ts';

/**
 * Everything recorded about a task: its events, its commits, the notes and the session of its
 * agent.
 */
export function playJob(options: MonthOptions, job: Job): readonly TeamEvent[] {
  const random = teamRandom(options, job.number);
  const task = playTask(random, job);
  const commits = playCommits(random, job);
  const notes = playNotes(random, job);
  return untilSilence(options, job, [...task, ...commits, ...notes, ...playSession(options, job, commits)]);
}

/** The commits among `playJob`, at a fraction of its cost. */
export function playCommitsOf(options: MonthOptions, job: Job): readonly TeamEvent[] {
  const random = teamRandom(options, job.number);
  // Its draws come first.
  playTask(random, job);
  return untilSilence(options, job, playCommits(random, job));
}

function untilSilence(options: MonthOptions, { agent }: Job, events: readonly TeamEvent[]) {
  if (!agent.silent) return events;
  const silentFrom = silenceOf(options);
  return events.filter(({ at }) => at < silentFrom);
}

function playTask(random: Random, job: Job): TeamEvent[] {
  const { taskId, title, agent, createdAt, startedAt, blocked, reviewedFrom, endedAt, archivedAt } = job;
  const changes = (changedBy: string) => (at: number, eventType: string, fields: object) =>
    teamEvent(random, { part: 'taskEvents', at, event: { taskId, eventType, changedBy, ...fields } });
  const byPlanner = changes(PLANNER);
  const byAgent = changes(agent.agentId);
  const ended = job.cancelled ? 'cancelled' : 'done';
  return [
    byPlanner(createdAt, 'CREATED', {
      title,
      newStatus: 'backlog',
      details: { priority: random.pick(['low', 'normal', 'normal', 'high']), repository: agent.repository },
    }),
    byPlanner(Math.max(createdAt, startedAt - 10 * MINUTE_MS), 'ASSIGNED', { assignedTo: agent.agentId }),
    byAgent(startedAt, 'STARTED', { previousStatus: 'backlog', newStatus: 'in_progress' }),
    ...(blocked === null
      ? []
      : [
          byAgent(blocked.from, 'BLOCKED', {
            previousStatus: 'in_progress',
            newStatus: 'blocked',
            details: { reason: random.pick(BLOCKERS) },
          }),
          byAgent(blocked.to, 'UNBLOCKED', { previousStatus: 'blocked', newStatus: 'in_progress' }),
        ]),
    byAgent(reviewedFrom, 'UPDATED', { previousStatus: 'in_progress', newStatus: 'review' }),
    byPlanner(endedAt, job.cancelled ? 'CANCELLED' : 'COMPLETED', {
      previousStatus: 'review',
      newStatus: ended,
    }),
    byPlanner(archivedAt, 'DELETED', { previousStatus: ended }),
  ];
}

function playCommits(random: Random, job: Job): TeamEvent[] {
  const { agent, taskId, title, startedAt, reviewedFrom, endedAt } = job;
  const commit = (at: number, fields: object) =>
    teamEvent(random, {
      part: 'gitCommits',
      at,
      event: {
        commitHash: drawHex(random, 40),
        agentId: agent.agentId,
        authorName: agent.agentId,
        authorEmail: `${agent.agentId}@agents.acme.example`,
        repository: agent.repository,
        ...fields,
      },
    });
  const count = random.integer(1, 3);
  const work = Array.from({ length: count }, (_, index) => {
    const at = startedAt + Math.floor(((reviewedFrom - startedAt) * (index + 1)) / (count + 0.1));
    return commit(at, {
      message: `${title}${index === 0 ? '' : `, part ${index + 1}`}\n\n${taskId}`,
      branch: `agents/${agent.agentId}`,
      filesChanged: 1 + random.poisson(3),
      linesAdded: Math.round(random.logNormal(45, 1)),
      linesDeleted: Math.round(random.logNormal(18, 1.1)),
    });
  });
  // A merge has no line counts: its lines were counted in the merged commits.
  return job.cancelled ? work : [...work, commit(endedAt, { message: `Merge ${taskId}`, branch: 'main' })];
}

function playNotes(random: Random, job: Job): TeamEvent[] {
  const { agent, taskId, title, startedAt, blocked, reviewedFrom } = job;
  const note = (at: number, activityType: string, message: string) =>
    teamEvent(random, {
      part: 'agentActivities',
      at,
      event: { agentId: agent.agentId, sessionId: sessionOf(job), activityType, message, taskId },
    });
  const tests = random.integer(180, 900);
  const failed = random.chance(0.3) ? random.integer(1, 4) : 0;
  return [
    note(startedAt, 'note', `Started: ${title}`),
    ...(blocked === null ? [] : [note(blocked.from, 'note', 'Blocked, see the task for the reason')]),
    note(reviewedFrom - 5 * MINUTE_MS, 'test', `Test run: ${tests - failed} passed, ${failed} failed`),
    note(reviewedFrom, 'review', 'Requested a review'),
  ];
}
