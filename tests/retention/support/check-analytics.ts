import { expect } from 'vitest';
import type { Interval } from '../../../src/core/time/range.ts';
import type { AgedServer } from './aged-server.ts';

const DAY = 86_400_000;

export interface SaidRange {
  readonly from: string;
  readonly to: string;
}

interface Counted {
  readonly stats: { readonly count: number };
}

/** An answer of the analytics of a dataset, with one of totals, groups and series. */
export interface SaidAnalytics {
  readonly range: SaidRange;
  readonly source: {
    readonly range: SaidRange;
    readonly parts: readonly SaidRange[];
    readonly missing: readonly SaidRange[];
    readonly moved: readonly { readonly asked: string; readonly answered: string }[];
  };
  readonly totals?: { readonly count: number };
  readonly groups?: readonly Counted[];
  readonly series?: readonly { readonly points: readonly (Counted & { start: string; end: string })[] }[];
}

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

export const instantOf = ({ from, to }: SaidRange): Interval => ({
  from: Date.parse(from),
  to: Date.parse(to),
});

/**
 * Expects that every number counts the events in the range that the answer names. That must be the
 * requested range without the missing parts, with its ends moved as reported. The parts that were
 * read must span it.
 */
export function checkAnalytics(server: AgedServer, asked: Interval, answer: SaidAnalytics): void {
  const range = instantOf(answer.range);
  const { source } = answer;
  const moved = source.moved.map((move) => ({
    asked: Date.parse(move.asked),
    answered: Date.parse(move.answered),
  }));
  const endOf = (instant: number) => moved.find((move) => move.asked === instant)?.answered ?? instant;
  const missing = source.missing.map(instantOf);
  const start = missing[0]?.to ?? asked.from;
  expect(source.range).toEqual(answer.range);
  expect(missing).toEqual(start === asked.from ? [] : [{ from: asked.from, to: start }]);
  expect(range).toEqual({ from: endOf(start), to: endOf(asked.to) });
  for (const move of moved) expect(Math.abs(move.asked - move.answered)).toBeLessThanOrEqual(DAY);
  expect(sum(source.parts.map(instantOf).map(({ from, to }) => to - from))).toBe(range.to - range.from);

  const inRange = server.countIn(range);
  if (answer.totals) expect(answer.totals.count).toBe(inRange);
  if (answer.groups) expect(sum(answer.groups.map(({ stats }) => stats.count))).toBe(inRange);
  const points = answer.series?.[0]?.points;
  if (points === undefined) return;
  expect(sum(points.map(({ stats }) => stats.count))).toBe(inRange);
  for (const [index, { start, end, stats }] of points.entries()) {
    const bucket = {
      from: index === 0 ? range.from : Date.parse(start),
      to: index === points.length - 1 ? range.to : Date.parse(end),
    };
    const uncertain = moved
      .filter((move) => move.asked === bucket.from || move.asked === bucket.to)
      .map((move) =>
        server.countIn({
          from: Math.min(move.asked, move.answered),
          to: Math.max(move.asked, move.answered),
        }),
      );
    expect(Math.abs(stats.count - server.countIn(bucket))).toBeLessThanOrEqual(sum(uncertain));
  }
}
