import type { Event } from '../../../../src/commands/import/events.ts';
import type { Target } from '../../../../src/commands/import/target.ts';

/** A target that stores by id and rejects events whose model is "refused". */
export function createMemoryTarget() {
  const stored = new Map<string, Event>();
  const batches: number[] = [];
  const target: Target = {
    description: 'memory',
    async send(_, events) {
      batches.push(events.length);
      const rejected = events.flatMap(({ model }, index) =>
        model === 'refused' ? [{ index, field: 'model', message: 'is refused' }] : [],
      );
      let accepted = 0;
      for (const event of events) {
        if (event.model === 'refused' || stored.has(event.id as string)) continue;
        stored.set(event.id as string, event);
        accepted++;
      }
      return { accepted, duplicates: events.length - accepted - rejected.length, rejected };
    },
    close: async () => undefined,
  };
  return { target, stored, batches, events: () => [...stored.values()].map(({ id: _, ...event }) => event) };
}
