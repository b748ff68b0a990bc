import { setTimeout as sleep } from 'node:timers/promises';
import type { Live } from './live.ts';

/** Waits this many milliseconds. */
export type Pause = (milliseconds: number) => Promise<unknown>;

/** Waits with a timer that does not keep the process alive. */
export const pauseByTimer: Pause = (milliseconds) => sleep(milliseconds, undefined, { ref: false });

/**
 * The monitors of topics: one for each topic with subscribers.
 *
 * @param topic what the monitor publishes to
 * @param start starts a monitor, unless one runs. The monitor ends when `isWatched` returns false.
 *   It is dropped at that moment, so that the next subscriber starts a new one.
 */
export type Monitors<Monitor> = (topic: string, start: (isWatched: () => boolean) => Monitor) => Monitor;

export function createMonitors<Monitor extends object>(
  live: Pick<Live, 'hasSubscribers'>,
): Monitors<Monitor> {
  const running = new Map<string, Monitor>();
  return (topic, start) => {
    const known = running.get(topic);
    if (known !== undefined) return known;
    const monitor = start(() => live.hasSubscribers(topic) || !running.delete(topic));
    running.set(topic, monitor);
    return monitor;
  };
}
