import { defined } from '../../core/defined.ts';
/** The parts of a delivery that concurrency limits depend on. */
export interface Addressed {
  readonly projectId: string;
  readonly webhookId: string;
}

/** How many deliveries may be in progress at the same time. */
export interface Limits {
  readonly total: number;
  /** Per webhook: a receiver that does not answer blocks no more than these. */
  readonly perWebhook: number;
}

/**
 * The deliveries that may begin beside those in progress, out of those that are due. The project
 * with the fewest in progress comes first, so that the backlog of one project does not hold up
 * another. Within a project, the longest due come first.
 */
export function choose<Delivery extends Addressed>(
  due: readonly Delivery[],
  underWay: readonly Addressed[],
  { total, perWebhook }: Limits,
): Delivery[] {
  const ofWebhooks = countEach(underWay, keyOf);
  const ofProjects = countEach(underWay, ({ projectId }) => projectId);
  const lines = linesOf(due);
  const chosen: Delivery[] = [];
  while (underWay.length + chosen.length < total) {
    const line = fewestFirst(lines, ofProjects);
    if (line === null) break;
    const delivery = defined(line.shift());
    if (countOf(ofWebhooks, keyOf(delivery)) < perWebhook) {
      count(ofWebhooks, keyOf(delivery));
      count(ofProjects, delivery.projectId);
      chosen.push(delivery);
    }
  }
  return chosen;
}

/** The deliveries of each project, in order. */
function linesOf<Delivery extends Addressed>(due: readonly Delivery[]): ReadonlyMap<string, Delivery[]> {
  const lines = new Map<string, Delivery[]>();
  for (const delivery of due) {
    const line = lines.get(delivery.projectId) ?? [];
    lines.set(delivery.projectId, line);
    line.push(delivery);
  }
  return lines;
}

/** The non-empty queue of the project with the smallest count; null if all are empty. */
function fewestFirst<Delivery>(lines: ReadonlyMap<string, Delivery[]>, counts: Counts): Delivery[] | null {
  let fewest: { readonly line: Delivery[]; readonly count: number } | null = null;
  for (const [projectId, line] of lines) {
    const ofProject = countOf(counts, projectId);
    if (line.length > 0 && (fewest === null || ofProject < fewest.count)) fewest = { line, count: ofProject };
  }
  return fewest?.line ?? null;
}

/** The webhooks for which no more deliveries may begin. */
export function fullWebhooks(underWay: readonly Addressed[], { perWebhook }: Limits): Addressed[] {
  const webhooks = new Map(underWay.map((one) => [keyOf(one), one]));
  const counts = countEach(underWay, keyOf);
  return [...webhooks]
    .filter(([key]) => countOf(counts, key) >= perWebhook)
    .map(([, { projectId, webhookId }]) => ({ projectId, webhookId }));
}

type Counts = Map<string, number>;

const countOf = (counts: Counts, key: string): number => counts.get(key) ?? 0;

function count(counts: Counts, key: string): void {
  counts.set(key, countOf(counts, key) + 1);
}

function countEach(deliveries: readonly Addressed[], key: (delivery: Addressed) => string): Counts {
  const counts: Counts = new Map();
  for (const delivery of deliveries) count(counts, key(delivery));
  return counts;
}

const keyOf = ({ projectId, webhookId }: Addressed): string => JSON.stringify([projectId, webhookId]);
