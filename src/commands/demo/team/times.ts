/** The multiples of `everyMs` since the epoch, plus the offset, that are in [from, to). */
export function timesOf(from: number, to: number, everyMs: number, offsetMs: number): number[] {
  const times: number[] = [];
  const first = Math.ceil((from - offsetMs) / everyMs) * everyMs + offsetMs;
  for (let time = first; time < to; time += everyMs) times.push(time);
  return times;
}
