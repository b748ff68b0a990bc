import type { Event } from '../../import/events.ts';
import type { Target } from '../../import/target.ts';

/** A target that stores nothing, and keeps one event of each dataset to show it. */
export interface DryTarget extends Target {
  readonly samples: ReadonlyMap<string, Event>;
}

/** Makes a target that counts each event once, as an empty database would. */
export function createDryTarget(): DryTarget {
  const samples = new Map<string, Event>();
  const seen = new Set<unknown>();
  return {
    description: 'nowhere: this is a dry run',
    samples,
    async send({ name }, events) {
      const before = seen.size;
      for (const event of events) {
        seen.add(event['id']);
        if (!samples.has(name)) samples.set(name, event);
      }
      const accepted = seen.size - before;
      return { accepted, duplicates: events.length - accepted, rejected: [] };
    },
    close: () => Promise.resolve(),
  };
}
