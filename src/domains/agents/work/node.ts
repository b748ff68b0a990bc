import type { Dataset } from '../../../core/dataset/dataset.ts';
import type { Parts } from '../../../graphql/dataset/parts.ts';
import { addRelationToMany } from '../../../graphql/dataset/relation-to-many.ts';
import { addRelationToOne } from '../../../graphql/dataset/relation-to-one.ts';
import { llmCalls } from '../../llm/llm-calls/definition.ts';
import { requestLogs } from '../../traffic/request-logs/definition.ts';
import { agents } from '../agents/definition.ts';
import { gitCommits } from '../git-commits/definition.ts';
import { tasks } from '../tasks/definition.ts';

/** Leads from calls and requests to the agent that caused them, the task that they were made for, and the commit of their release; and back. */
export function addWork(parts: Parts): void {
  for (const work of [llmCalls, requestLogs]) {
    addOrigins(parts, work);
    addWorkOf(parts, work);
  }
}

function addOrigins(parts: Parts, from: Dataset): void {
  addRelationToOne(parts, {
    from,
    to: agents,
    key: 'agentId',
    description: 'The agent that caused it, as it is now; null unless an agent of that id has sent metrics.',
  });
  addRelationToOne(parts, {
    from,
    to: tasks,
    key: 'taskId',
    description: 'The task that it was done for, as it is now; null unless an event of that task is stored.',
  });
  addRelationToOne(parts, {
    from,
    to: gitCommits,
    key: 'release',
    name: 'releaseCommit',
    description:
      'The commit whose whole hash is `release`; null when that is no hash, or the commit is not stored.',
  });
}

function addWorkOf(parts: Parts, to: Dataset): void {
  const { name } = to;
  const order = 'The newest first, unless `orderBy` says otherwise.';
  const inAll = `What they come to: \`${to.fields.analytics}\``;
  addRelationToMany(parts, {
    from: agents,
    to,
    key: 'agentId',
    name,
    description: `${name} that it caused. ${order} ${inAll} with a filter by \`agentId\`.`,
  });
  addRelationToMany(parts, {
    from: tasks,
    to,
    key: 'taskId',
    name,
    description: `${name} that were made for it. ${order} ${inAll} with a filter by \`taskId\`.`,
  });
  addRelationToMany(parts, {
    from: gitCommits,
    to,
    key: 'commitHash',
    toKey: 'release',
    name,
    description: `${name} of the release that is this commit: those whose \`release\` is its whole hash. ${order}`,
  });
}
