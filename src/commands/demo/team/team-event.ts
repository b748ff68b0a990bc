import type { DemoEvents, TeamPart } from '../demo-events.ts';
import { drawId, type Random } from '../random.ts';

export interface TeamEvent {
  readonly part: TeamPart;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly event: Readonly<Record<string, unknown>>;
}

/** An event that the caller hands over. It is completed in place. */
interface NewEvent extends TeamEvent {
  readonly event: Record<string, unknown>;
}

/**
 * Gives an event its time and a drawn id, which repeats for the same seed. Commits are
 * identified by their hash instead.
 */
export function teamEvent(random: Random, made: NewEvent): TeamEvent {
  const { part, at, event } = made;
  // In place: copying a hundred thousand objects would dominate the runtime.
  if (part !== 'gitCommits') event.id = drawId(random, at);
  event.timestamp = new Date(at).toISOString();
  // The runner reports for the agents. Events that set a service report themselves.
  event.service ??= 'agent-runner';
  event.environment ??= 'development';
  return made;
}

/** Groups the events by dataset, each in time order. */
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
