import { expect, test } from 'vitest';
import { holdHorizons } from '../../src/analytics/hold-horizons.ts';
import { type Horizons, NO_HORIZONS } from '../../src/core/rollup/horizons.ts';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';

const SCOPE = { projectId: 'default', dataset: llmCalls };
const LEVEL = 'DAY provider';
const making = (instant: number): Horizons => ({ ...NO_HORIZONS, making: new Map([[LEVEL, instant]]) });
const begun = (instant: number): Horizons => ({ ...NO_HORIZONS, cells: new Map([[LEVEL, instant]]) });

/** The horizons with which the work was done when these were the horizons, one after another. */
async function workedWith(...moments: readonly [Horizons, ...Horizons[]]): Promise<Horizons[]> {
  const left = [...moments];
  const read = async () => left.shift() ?? moments[0];
  const worked: Horizons[] = [];
  await holdHorizons({ known: read, read })(SCOPE, async (known) => worked.push(known));
  return worked;
}

test.each<[string, Horizons, Horizons]>([
  ['more cells are made', making(9), making(8)],
  ['all cells are made', making(9), NO_HORIZONS],
  ['all cells are made for which there are rows', making(9), begun(8)],
])('a question is not repeated because %s meanwhile', async (_, before, after) => {
  expect(await workedWith(before, after)).toEqual([before]);
});

test.each<[string, Horizons, Horizons]>([
  ['rows expire', NO_HORIZONS, { ...NO_HORIZONS, rows: 5 }],
  ['cells expire', begun(4), begun(5)],
  ['cells are to be made anew', NO_HORIZONS, making(9)],
  ['the project is removed and begins again', { ...begun(4), rows: 5 }, NO_HORIZONS],
])('a question is repeated when %s meanwhile', async (_, before, after) => {
  expect(await workedWith(before, after, after)).toEqual([before, after]);
});
