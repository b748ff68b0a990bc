/**
 * The instants in [from, to) that come every so often, counted from the epoch and moved by the
 * offset.
 */
export function timesOf(from: number, to: number, everyMs: number, offsetMs: number): number[] {
  const times: number[] = [];
  const first = Math.ceil((from - offsetMs) / everyMs) * everyMs + offsetMs;
  for (let time = first; time < to; time += everyMs) times.push(time);
  return times;
}
