import { agentMetrics } from '../../../declarations/agents/agent-metrics.ts';
import type { Context } from '../../../graphql/context.ts';
import type { Entity } from '../../../graphql/entities/entity.ts';
import { eachItem } from '../../../graphql/live/each-item.ts';
import { createProjectWatch, type WatchedState } from '../../../graphql/live/watch-project.ts';
import { shownStatus } from './agent.ts';

/** Every look reads them, so there is a bound; one beyond it is seen as soon as it reports. */
export const MAX_WATCHED_AGENTS = 1_000;

/** An agent with the status that it showed when it was read. */
type ShownAgent = Entity & { readonly agentId: string; readonly status: string };

export type WatchAgents = (context: Context, agentId: string | null) => AsyncIterableIterator<ShownAgent>;

/**
 * Watches the agents of a project: each as it is at once, then each whenever what it shows has
 * changed: status (OFFLINE by silence too), task or branch. What waits for a slow subscriber is the
 * newest state of all agents and no more, so it misses steps in between, never the last one.
 *
 * @param pause replaces the timer between two looks
 */
export function createAgentWatch({
  pause,
}: Pick<WatchedState<readonly ShownAgent[]>, 'pause'> = {}): WatchAgents {
  const watch = createProjectWatch<readonly ShownAgent[]>({
    name: 'agents',
    datasets: [agentMetrics],
    read: readAgents,
    changed: (before, now) => shownByAll(before) !== shownByAll(now),
    ...(pause && { pause }),
  });
  return (context, agentId) => {
    const published = new Map<string, string>();
    return eachItem(watch(context), (agents) => {
      const wanted = agents.filter((agent) => agentId === null || agent.agentId === agentId);
      const changed = wanted.filter((agent) => published.get(agent.id) !== shownBy(agent));
      for (const agent of changed) published.set(agent.id, shownBy(agent));
      return changed;
    });
  };
}

/**
 * The agents that reported last, whole, in the order of their ids: one statement for all
 * subscribers, whatever they select.
 */
async function readAgents(context: Context): Promise<readonly ShownAgent[]> {
  const { projectId, services } = context;
  const agents = await services.store.prisma.agent.findMany({
    where: { projectId },
    orderBy: [{ updatedAt: 'desc' }, { id: 'desc' }],
    take: MAX_WATCHED_AGENTS,
  });
  const shown = agents.map((agent) => ({ ...agent, status: shownStatus(agent, context) }));
  return shown.sort((one, other) => (one.agentId < other.agentId ? -1 : 1));
}

const shownBy = ({ status, currentTask, branch }: ShownAgent): string =>
  JSON.stringify([status, currentTask, branch]);
const shownByAll = (agents: readonly ShownAgent[]): string =>
  JSON.stringify(agents.map((agent) => [agent.id, shownBy(agent)]));
