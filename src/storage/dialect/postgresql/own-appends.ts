import { textAt } from '../../../core/dataset/row.ts';
import type { Appended, OwnAppends } from '../../instance-link.ts';
import { lastOf, slotOf } from '../../positions.ts';
import type { AppendResult, EventGroup } from '../../store.ts';
import type { Arrived } from './protocol.ts';
import type { Appended as Stored } from './writer.ts';

/** Consecutive numbers. */
interface Span {
  readonly first: number;
  last: number;
}

/**
 * How many spans of a dataset are kept, the newest ones. A span ends where an append fails or a
 * connection breaks. Nobody asks about older ones.
 */
const KEPT_SPANS = 1_000;

export interface TrackedAppends extends OwnAppends {
  /**
   * Takes an append. The numbers of the append are known by the time the returned promise resolves.
   */
  track(append: Promise<Stored>, groups: readonly EventGroup[]): Promise<AppendResult[]>;
}

export function createOwnAppends(): TrackedAppends {
  const spans = new Map<string, Span[]>();
  const underWay = new Map<Promise<unknown>, readonly EventGroup[]>();
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
    track(append, groups) {
      const tracked = append.then(({ results, arrived }) => {
        for (const { dataset, arrival } of arrived) add(dataset, arrival);
        if (arrived.length > 0) notify(describe(arrived, groups));
        return results;
      });
      underWay.set(tracked, groups);
      const end = () => void underWay.delete(tracked);
      tracked.then(end, end);
      return tracked;
    },
    onCommitted(listener) {
      notify = listener;
    },
    async settled(dataset, ids) {
      const asked = [...underWay].filter(([, groups]) => hasAny(groups, dataset, ids));
      await Promise.allSettled(asked.map(([append]) => append));
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

const hasAny = (groups: readonly EventGroup[], name: string, ids: ReadonlySet<string>): boolean =>
  groups.some(({ parts }) =>
    parts.some(
      ({ dataset, rows }) => dataset.name === name && rows.some((row) => ids.has(textAt(row, dataset.at.id))),
    ),
  );

function describe(arrived: readonly Arrived[], groups: readonly EventGroup[]): Appended[] {
  const projects = new Map<string, Set<string>>();
  for (const { parts } of groups) {
    for (const { dataset, rows } of parts) {
      const known = projects.get(dataset.name) ?? new Set();
      projects.set(dataset.name, known);
      // The events of a part come from one call, and so from one project.
      const projectId = rows[0]?.[dataset.at.projectId];
      if (typeof projectId === 'string') known.add(projectId);
    }
  }
  return arrived.map(({ dataset, arrival }) => ({
    ...{ dataset, arrival, projects: projects.get(dataset) ?? new Set<string>() },
  }));
}
