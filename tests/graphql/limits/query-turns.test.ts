import { describe, expect, it } from 'vitest';
import { createQueryTurns, type QueryTurns } from '../../../src/graphql/limits/query-turns.ts';

const PER_PROJECT = 10_000;

/** Asks for turns, and records which queries run. */
function queue(turns: QueryTurns = createQueryTurns(PER_PROJECT)) {
  const running: string[] = [];
  function ask(name: string, price: number, projectId = 'shop') {
    const turn = turns.take({ projectId, price });
    const begun = Promise.resolve(turn.begun).then(() => running.push(name));
    return { ...turn, begun };
  }
  return { ask, running, settle: () => new Promise((resolve) => setImmediate(resolve)), turns };
}

describe('the turns of queries', () => {
  it('are granted at once while the prices fit together', async () => {
    const { ask, running, settle } = queue();
    const first = ask('first', 6_000);
    ask('second', 4_000);
    ask('third', 5_000);
    await settle();
    expect(running).toEqual(['first', 'second']);
    first.end();
    first.end();
    await settle();
    expect(running).toEqual(['first', 'second', 'third']);
  });

  it('keep the order of a project, so that an expensive query does not wait forever', async () => {
    const { ask, running, settle } = queue();
    const first = ask('first', 6_000);
    ask('costly', 10_000);
    ask('later', 2_000);
    await settle();
    expect(running).toEqual(['first']);
    first.end();
    await settle();
    expect(running).toEqual(['first', 'costly']);
  });

  it('let small queries overtake the queries that wait', async () => {
    const { ask, running, settle } = queue();
    ask('costly', 10_000);
    ask('waits', 10_000);
    ask('small', 500);
    await settle();
    expect(running).toEqual(['costly', 'small']);
  });

  it('let a query that costs more than its project may use run alone', async () => {
    const { ask, running, settle } = queue();
    const costliest = ask('costliest', 50_000);
    ask('next', 2_000);
    await settle();
    expect(running).toEqual(['costliest']);
    costliest.end();
    await settle();
    expect(running).toEqual(['costliest', 'next']);
  });

  it('leave half to the other projects, which take turns', async () => {
    const { ask, running, settle } = queue();
    const first = ask('shop 1', 10_000);
    ask('shop 2', 10_000);
    const other = ask('other 1', 10_000, 'other');
    ask('other 2', 10_000, 'other');
    ask('third', 10_000, 'third');
    await settle();
    expect(running).toEqual(['shop 1', 'other 1']);
    first.end();
    await settle();
    other.end();
    await settle();
    expect(running).toEqual(['shop 1', 'other 1', 'third', 'shop 2']);
  });

  it('are refused to queries that give up, and to queries beyond the limit', async () => {
    const { ask, running, settle, turns } = queue();
    ask('first', 10_000);
    const leaves = ask('leaves', 10_000);
    const gone = new Error('gone');
    leaves.giveUp(gone);
    await expect(leaves.begun).rejects.toBe(gone);
    const stopped = Array.from({ length: 1_000 }, () => ask('waits', 10_000));
    expect(() => ask('too many', 10_000)).toThrow(expect.objectContaining({ code: 'OVERLOADED' }));
    turns.giveUp(gone);
    const ends = await Promise.allSettled(stopped.map(({ begun }) => begun));
    expect(new Set(ends.map(({ status }) => status))).toEqual(new Set(['rejected']));
    await settle();
    expect(running).toEqual(['first']);
  });
});
