/** A span of time, and how often something is reported in it, in milliseconds. */
export interface Reporting {
  readonly from: number;
  readonly to: number;
  readonly everyMs: number;
}

/** The multiples of `everyMs` since the epoch, plus the offset, that are in [from, to). */
export function timesOf({ from, to, everyMs }: Reporting, offsetMs: number): number[] {
  const times: number[] = [];
  const first = Math.ceil((from - offsetMs) / everyMs) * everyMs + offsetMs;
  for (let time = first; time < to; time += everyMs) times.push(time);
  return times;
}
