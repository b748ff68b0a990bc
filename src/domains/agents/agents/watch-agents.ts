import { agentMetrics } from '../../../declarations/agents/agent-metrics.ts';
import type { Context } from '../../../graphql/context.ts';
import type { Entity } from '../../../graphql/entities/entity.ts';
import { eachItem } from '../../../graphql/live/each-item.ts';
import { createProjectWatch, type WatchedState } from '../../../graphql/live/watch-project.ts';
import { shownStatus } from './agent.ts';

/**
 * Every check reads all watched agents, so their number is limited. An agent beyond the limit is
 * noticed as soon as it reports.
 */
export const MAX_WATCHED_AGENTS = 1_000;

/** An agent with its status at the time of reading. */
type ShownAgent = Entity & { readonly agentId: string; readonly status: string };

export type WatchAgents = (context: Context, agentId: string | null) => AsyncIterableIterator<ShownAgent>;

/**
 * Watches the agents of a project. Delivers each agent at once, then whenever its status (including
 * OFFLINE after silence), task or branch has changed. For a slow subscriber only the newest state
 * of all agents is kept, so it misses intermediate states, never the last one.
 *
 * @param pause replaces the timer between two checks
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
 * The agents that reported last, with all columns, sorted by agent id. One statement serves all
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
