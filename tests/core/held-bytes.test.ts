import { describe, expect, it } from 'vitest';
import { createHeldBytes } from '../../src/core/held-bytes.ts';
import { createTurns } from '../../src/storage/dialect/turns.ts';
import { createReadMeter, UNLIMITED, withoutWaiting } from '../../src/storage/reading.ts';

const ANY = { rows: 1e9, bytes: 1e9, cells: 1e9 };
const LARGE = { projectId: 'shop', isSmall: false };

it('refuses operations that together hold too much, but not one that is alone', () => {
  const held = createHeldBytes(100);
  const problems: unknown[] = [];
  const alone = createReadMeter(ANY, { holding: held.open(LARGE) });
  alone.count({ bytes: 150 });
  const onTooMuch = (error: { code: string }) => problems.push(error.code);
  const second = createReadMeter(ANY, { holding: held.open(LARGE), onTooMuch });
  second.count({ rows: 5 });
  expect(() => second.count({ bytes: 1 })).toThrow(
    expect.objectContaining({ code: 'OVERLOADED', message: expect.stringContaining('MAX_RUNNING_BYTES') }),
  );
  expect(problems).toEqual(['OVERLOADED']);
  for (const meter of [second, alone]) meter.close();
  expect(held.used).toBe(0);
  // A statement that ends late is not counted for any query.
  alone.count({ bytes: 150 });
  expect(held.used).toBe(0);
});

describe('reads', () => {
  const held = createHeldBytes(100);
  const turns = createTurns(['a', 'b', 'c']);
  const meterOf = (query: Partial<typeof LARGE> = {}) =>
    createReadMeter(ANY, { holding: held.open({ ...LARGE, ...query }) });
  type Meter = ReturnType<typeof meterOf>;
  const take = (meter: Meter) => turns.take({ ...UNLIMITED, meter });
  /** Whether a read for this meter would begin now. */
  async function mayRead(meter: Meter): Promise<boolean> {
    const gone = new AbortController();
    const turn = turns.take({ ...UNLIMITED, meter, signal: gone.signal }).catch(() => null);
    gone.abort();
    const given = await turn;
    given?.end();
    return given !== null;
  }

  it('wait while their project holds a quarter or all projects hold half, and begin when memory is released', async () => {
    const [first, second, other] = [meterOf(), meterOf(), meterOf({ projectId: 'other' })];
    first.count({ bytes: 25 });
    const waiting = take(second);
    const isWanted = held.findWanted();
    expect([isWanted('shop'), isWanted('other')]).toEqual([true, false]);
    expect(await mayRead(other)).toBe(true);
    held.add('third', 25);
    expect(await mayRead(other)).toBe(true);
    other.count({ bytes: 1 });
    expect(await mayRead(meterOf({ projectId: 'other' }))).toBe(false);
    expect(held.findWanted()('other')).toBe(true);
    first.close();
    (await waiting).end();
    expect(held.findWanted()('shop')).toBe(false);
    for (const meter of [second, other]) meter.close();
    held.add('third', -25);
    expect(held.used).toBe(0);
  });

  it('want nothing any more when they have left', async () => {
    const [first, second] = [meterOf(), meterOf()];
    first.count({ bytes: 25 });
    const gone = new AbortController();
    const leaving = turns.take({ ...UNLIMITED, meter: second, signal: gone.signal });
    expect(held.findWanted()('shop')).toBe(true);
    gone.abort(new Error('The client has gone.'));
    await expect(leaving).rejects.toThrow('The client has gone.');
    expect(held.findWanted()('shop')).toBe(false);
    first.close();
  });

  it('of few rows wait only when everything is used', async () => {
    const [large, small] = [meterOf(), meterOf({ isSmall: true })];
    large.count({ bytes: 99 });
    expect(await mayRead(small)).toBe(true);
    large.count({ bytes: 1 });
    expect(await mayRead(small)).toBe(false);
    large.close();
  });

  it('of the query that has held memory for longest continue, so that none waits forever', async () => {
    const [first, second] = [meterOf(), meterOf()];
    first.count({ bytes: 20 });
    second.count({ bytes: 20 });
    expect(await mayRead(second)).toBe(false);
    (await take(first)).end();
    const waiting = take(second);
    first.close();
    (await waiting).end();
    second.close();
  });

  it('begin one after the other when texts use all the memory', async () => {
    held.add('shop', 60);
    const [first, second] = [meterOf(), meterOf()];
    const turn = await take(first);
    expect(await mayRead(second)).toBe(false);
    turn.end();
    expect(await mayRead(second)).toBe(true);
    held.add('shop', -60);
  });

  it('of work that holds the only turn do not wait, and are counted', async () => {
    const [first, second] = [meterOf(), meterOf()];
    first.count({ bytes: 30 });
    expect(await mayRead(second)).toBe(false);
    const inner = withoutWaiting(second);
    (await turns.take({ ...UNLIMITED, meter: inner })).end();
    inner?.count({ rows: 2, bytes: 20 });
    expect([held.used, second.rowsRead, inner?.rowsRead]).toEqual([50, 2, 2]);
    for (const meter of [first, second]) meter.close();
    expect(held.used).toBe(0);
  });
});
