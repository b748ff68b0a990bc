import type { Dataset } from '../../../core/dataset/dataset.ts';
import { agents } from '../../../declarations/agents/agents.ts';
import { gitCommits } from '../../../declarations/agents/git-commits.ts';
import { tasks } from '../../../declarations/agents/tasks.ts';
import { llmCalls } from '../../../declarations/llm/llm-calls.ts';
import { requestLogs } from '../../../declarations/traffic/request-logs.ts';
import { addRelationToMany } from '../../../graphql/relations/relation-to-many.ts';
import { addRelationToOne } from '../../../graphql/relations/relation-to-one.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';

/**
 * Adds relations from calls and requests to the agent that caused them, the task that they were
 * made for, and the commit of their release; and the reverse relations.
 */
export function addWork(types: TypeRegistry): void {
  for (const work of [llmCalls, requestLogs]) {
    addOrigins(types, work);
    addWorkOf(types, work);
  }
}

function addOrigins(types: TypeRegistry, from: Dataset): void {
  addRelationToOne(types, {
    from,
    to: agents,
    key: 'agentId',
    description:
      'The current state of the agent that caused it; null unless an agent with this id has sent metrics.',
  });
  addRelationToOne(types, {
    from,
    to: tasks,
    key: 'taskId',
    description:
      'The current state of the task that it was made for; null unless an event of this task is stored.',
  });
  addRelationToOne(types, {
    from,
    to: gitCommits,
    key: 'release',
    name: 'releaseCommit',
    description:
      'The commit whose full hash is `release`; null if `release` is not a hash, or the commit ' +
      'is not stored.',
  });
}

function addWorkOf(types: TypeRegistry, to: Dataset): void {
  const { name } = to;
  const order = 'Newest first, unless `orderBy` says otherwise.';
  const inAll = `For totals, use \`${to.fields.analytics}\``;
  addRelationToMany(types, {
    from: agents,
    to,
    key: 'agentId',
    name,
    description: `${name} that the agent caused. ${order} ${inAll} with a filter by \`agentId\`.`,
  });
  addRelationToMany(types, {
    from: tasks,
    to,
    key: 'taskId',
    name,
    description: `${name} that were made for the task. ${order} ${inAll} with a filter by \`taskId\`.`,
  });
  addRelationToMany(types, {
    from: gitCommits,
    to,
    key: 'commitHash',
    toKey: 'release',
    name,
    description: `${name} of the release that this commit is: those whose \`release\` is its full hash. ${order}`,
  });
}
