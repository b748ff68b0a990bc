import type { Dataset } from '../core/dataset/dataset.ts';
import type { RollupGrain } from '../core/dataset/rollup-set.ts';
import type { Row } from '../core/dataset/row.ts';
import type { EncodedCell, SumsForm } from '../core/rollup/cell.ts';
import { createFold, type Keyed } from '../core/rollup/fold.ts';
import { createCellEncoder } from '../core/rollup/folded-cell.ts';
import { keyOfCell } from './stored-cells.ts';

/** Cells of a project and dataset in some grains, as they will be stored; by `keyOfCell`. */
export interface MadeCells extends Iterable<readonly [key: string, Keyed<EncodedCell>]> {
  readonly size: number;
  get(key: string): Keyed<EncodedCell> | undefined;
  put(cell: Keyed<EncodedCell>): void;
  /** Adds events to their cells, as an append does. */
  add(rows: readonly Row[]): void;
}

export function createMadeCells(dataset: Dataset, grains: readonly RollupGrain[], form: SumsForm): MadeCells {
  const cells = new Map<string, Keyed<EncodedCell>>();
  const encoder = createCellEncoder(form);
  return {
    get size() {
      return cells.size;
    },
    [Symbol.iterator]: () => cells.entries(),
    get: (key) => cells.get(key),
    put(cell) {
      cells.set(keyOfCell(cell), cell);
    },
    add(rows) {
      const fold = createFold(dataset);
      for (const row of rows) fold.add(row);
      for (const folded of fold.finish()) {
        if (!grains.includes(folded.grain)) continue;
        const key = keyOfCell(folded);
        cells.set(key, { ...folded, cell: encoder.encode(folded.cell, cells.get(key)?.cell ?? null) });
      }
    },
  };
}
