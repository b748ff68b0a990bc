import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Kysely } from 'kysely';
import type { Dataset } from '../core/dataset/dataset.ts';
import { createTurns } from '../storage/dialect/turns.ts';
import type { Store } from '../storage/store.ts';
import type { Columns } from './columns.ts';
import { createCopyKeeper } from './copy-keeper.ts';
import { heldColumns } from './held-columns.ts';
import { createKyselyDialect } from './kysely-dialect.ts';
import type { CopyParameter, CopySettings, ReadResult } from './protocol.ts';

export interface ColumnsOptions {
  /** The file of SQLite with the rows. */
  readonly rows: string;
  readonly datasets: readonly Dataset[];
  readonly settings: CopySettings;
  /** A dataset with so many events is worth a copy; until then, its rows answer fast enough. */
  readonly fromEvents: number;
  readonly store: Pick<Store, 'query' | 'scope' | 'count'>;
  /** Told what is wrong with the copy, in a sentence. The rows answer meanwhile. */
  onProblem(problem: string): void;
}
