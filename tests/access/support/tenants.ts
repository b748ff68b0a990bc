import { datasets } from '../../../src/declarations/registry.ts';
import type { Ingest } from '../../../src/ingest/ingest.ts';
import { plantedEvents } from '../../retention/support/planted-events.ts';
import { gitCommit, llmCall } from '../../support/events.ts';
import { NOW } from '../../support/graphql.ts';

/** A customer whose rows share a project with those of others, distinguished by `service`. */
export type Tenant = 'mine' | 'theirs';

const FIRST: Readonly<Record<Tenant, number>> = { mine: 1, theirs: 101 };
const COUNT = { mine: 2, theirs: 3 } as const;
const hashOf = (number: number) => String(gitCommit(number)['commitHash']);

/** Records events of each dataset for a tenant, and calls for the requests and commits of both. */
export async function plant(
  ingest: Ingest,
  projectId: string,
  service: Tenant,
  at = NOW,
  first = FIRST[service],
) {
  const last = Date.parse(at) - 1000;
  const instants = Array.from({ length: COUNT[service] }, (_, index) => last - index * 1000);
  const events = plantedEvents(instants, first).map((planted) => ({
    ...planted,
    events: planted.events.map((event) => ({
      ...(event as object),
      service,
      attributes: { region: service },
    })),
  }));
  const calls = [FIRST.mine, FIRST.theirs].map((number) =>
    llmCall({
      service,
      attributes: { region: service },
      requestId: `request-${number}`,
      release: hashOf(number),
      agentId: 'builder',
      taskId: 'task-1',
      model: `of-${service}`,
      timestamp: instants[0] && new Date(instants[0]).toISOString(),
    }),
  );
  const { rejected } = await ingest.record(projectId, events);
  const linked = await ingest.record(projectId, [{ dataset: named('llmCalls'), events: calls }]);
  if (rejected.length + linked.rejected.length > 0)
    throw new Error(JSON.stringify([rejected, linked.rejected]));
}

function named(name: string) {
  const dataset = datasets.find((one) => one.name === name);
  if (dataset === undefined) throw new Error(`There is no dataset ${name}`);
  return dataset;
}
