import type { Parts } from '../../../graphql/dataset/parts.ts';
import { addRelationToOne } from '../../../graphql/dataset/relation-to-one.ts';
import { llmCalls } from '../../llm/llm-calls/definition.ts';
import { requestLogs } from '../../traffic/request-logs/definition.ts';
import { agents } from '../agents/definition.ts';
import { gitCommits } from '../git-commits/definition.ts';
import { tasks } from '../tasks/definition.ts';

/** Leads from calls and requests to the agent that caused them, the task that they were made for, and the commit of their release. */
export function addWork(parts: Parts): void {
  for (const from of [llmCalls, requestLogs]) {
    addRelationToOne(parts, {
      from,
      to: agents,
      key: 'agentId',
      description:
        'The agent that caused it, as it is now; null unless an agent of that id has sent metrics.',
    });
    addRelationToOne(parts, {
      from,
      to: tasks,
      key: 'taskId',
      description:
        'The task that it was done for, as it is now; null unless an event of that task is stored.',
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
}
