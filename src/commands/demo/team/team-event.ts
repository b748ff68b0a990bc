import type { DemoEvents, TeamPart } from '../demo-events.ts';
import { drawId, type Random } from '../random.ts';

export interface TeamEvent {
  readonly part: TeamPart;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly event: Readonly<Record<string, unknown>>;
}

/** Handed over by its maker, to be completed. */
type NewFields = Record<string, unknown>;

/**
 * An event with its time and an id of its own, which repeats with the draws. Commits have their
 * hash for that.
 */
export function teamEvent(random: Random, part: TeamPart, at: number, event: NewFields): TeamEvent {
  // In place: copies of a hundred thousand objects would be most of the work.
  if (part !== 'gitCommits') event.id = drawId(random, at);
  event.timestamp = new Date(at).toISOString();
  // Who reports what agents do; the others say it themselves.
  event.service ??= 'agent-runner';
  event.environment ??= 'development';
  return { part, at, event };
}

/** The events as they are recorded: each dataset in time order. */
export function byDataset(events: readonly TeamEvent[]): DemoEvents {
  const parts: { -readonly [Part in keyof DemoEvents]: Readonly<Record<string, unknown>>[] } = {};
  for (const { part, event } of events.toSorted((one, other) => one.at - other.at)) {
    parts[part] ??= [];
    parts[part].push(event);
  }
  return parts;
}

export function drawHex(random: Random, digits: number): string {
  return Array.from({ length: digits }, () => random.integer(0, 15).toString(16)).join('');
}
