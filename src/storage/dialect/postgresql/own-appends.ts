import type { Appended, OwnAppends } from '../../instance-link.ts';
import { lastOf, slotOf } from '../../positions.ts';
import type { AppendResult, EventGroup } from '../../store.ts';
import type { Arrivals as Numbers } from './arrivals.ts';
import type { WriterSession } from './writer.ts';

/** Consecutive numbers. */
interface Span {
  readonly first: number;
  last: number;
}

/**
 * The newest spans that a dataset has: a span ends where an append fails or a connection breaks. Nobody
 * asks about older ones.
 */
const KEPT_SPANS = 1_000;

export interface TrackedAppends extends OwnAppends {
  /** @param numbers by the name of the dataset: those that the append has taken so far (`noteNumbers`) */
  track(
    append: Promise<AppendResult[]>,
    numbers: ReadonlyMap<string, number>,
    groups: readonly EventGroup[],
  ): Promise<AppendResult[]>;
}

export function createOwnAppends(): TrackedAppends {
  const spans = new Map<string, Span[]>();
  const underWay = new Map<Promise<unknown>, ReadonlyMap<string, number>>();
  let notify: (appended: readonly Appended[]) => void = () => {};

  function add(dataset: string, arrival: number): void {
    const known = spans.get(dataset) ?? [];
    spans.set(dataset, known);
    const span = known.find(({ last }) => last === arrival - 1);
    if (span === undefined) known.push({ first: arrival, last: arrival });
    else span.last = arrival;
    if (known.length > KEPT_SPANS) known.shift();
  }

  return {
    track(append, numbers, groups) {
      const tracked = append.then((results) => {
        for (const [dataset, arrival] of numbers) add(dataset, arrival);
        if (numbers.size > 0) notify(describe(numbers, groups));
        return results;
      });
      underWay.set(tracked, numbers);
      const end = () => void underWay.delete(tracked);
      tracked.then(end, end);
      return tracked;
    },
    onCommitted(listener) {
      notify = listener;
    },
    async settled(dataset, arrivals) {
      const taken = [...underWay].filter(([, numbers]) => arrivals.has(numbers.get(dataset) ?? Number.NaN));
      await Promise.allSettled(taken.map(([append]) => append));
    },
    has: (dataset, arrival) =>
      spans.get(dataset)?.some(({ first, last }) => first <= arrival && arrival <= last) ?? false,
    beyond(dataset, arrivals) {
      const moved: Record<string, number> = { ...arrivals };
      for (const { first, last } of spans.get(dataset) ?? []) {
        const reached = lastOf(moved, slotOf(first));
        if (first <= reached + 1 && reached < last) moved[slotOf(first)] = last;
      }
      return moved;
    },
  };
}

function describe(numbers: ReadonlyMap<string, number>, groups: readonly EventGroup[]): Appended[] {
  const projects = new Map<string, Set<string>>();
  for (const { parts } of groups) {
    for (const { dataset, rows } of parts) {
      const known = projects.get(dataset.name) ?? new Set();
      projects.set(dataset.name, known);
      // The events of a part are of one call, so of one project.
      const projectId = rows[0]?.[dataset.at.projectId];
      if (typeof projectId === 'string') known.add(projectId);
    }
  }
  return [...numbers].map(([dataset, arrival]) => ({
    ...{ dataset, arrival, projects: projects.get(dataset) ?? new Set<string>() },
  }));
}

/** The same session, which notes the numbers that it gives from now on, before a row has them. */
export function noteNumbers(session: WriterSession, numbers: Map<string, number>): WriterSession {
  const arrivals: Numbers = {
    ...session.arrivals,
    async next(dataset) {
      const number = await session.arrivals.next(dataset);
      numbers.set(dataset, number);
      return number;
    },
  };
  return { ...session, arrivals };
}
