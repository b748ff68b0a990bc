import { setTimeout as wait } from 'node:timers/promises';
import { loadConfig, withoutPassword } from '../config/config.ts';
import { withDatabase } from '../config/database-variables.ts';
import { withoutDerived } from '../core/dataset/dataset.ts';
import { defined } from '../core/defined.ts';
import { datasets, states } from '../declarations/registry.ts';
import { openServices } from '../services.ts';
import { createStore } from '../storage/create-store.ts';
import type { Store } from '../storage/store.ts';
import { beginCopy, type TableCheck } from '../transfer/copy/copy-database.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { openSource } from './export/open-source.ts';
import { UsageError } from './import/options.ts';
import { JSON_ARGUMENT, printResult } from './output.ts';
import { defineCommand } from './program/define-command.ts';
import { createProgress } from './progress.ts';
import { quietEnvironment } from './quiet-environment.ts';
import { firstSignal } from './signals.ts';

/** The pause between two passes of `--follow`. */
const PAUSE_MS = 2_000;

/** `telltale copy --from URL --to URL`: makes a database the same as another one. */
export const copyCommand = defineCommand({
  meta: {
    name: 'copy',
    description: 'Copy a database to a new one, of the same or another kind. See docs/moving-data.md.',
  },
  args: {
    from: { type: 'string', required: true, description: 'sqlite:PATH or postgresql://…' },
    to: {
      type: 'string',
      required: true,
      description: 'The target, in the same form: a new database, or one with an unfinished copy',
    },
    follow: { type: 'boolean', description: 'Keep copying new events until Ctrl-C', default: false },
    verify: {
      type: 'string',
      description: 'What to compare at the end: checksums or counts',
      default: 'checksums',
    },
    ...JSON_ARGUMENT,
  },
  examples: [
    [
      'telltale copy --from=sqlite:data/telltale.db --to=postgresql://telltale@db/telltale --follow',
      'Copy to PostgreSQL while the server runs, and follow new events',
    ],
    [
      'telltale copy --from=sqlite:data/telltale.db --to=postgresql://telltale@db/telltale',
      'With the server stopped: copy the rest, and compare all tables',
    ],
  ],
  async run({ args }) {
    const [from, to] = [urlOf(args.from), urlOf(args.to)];
    if (from === to) throw new UsageError('--to: this is the same database as --from.');
    const checksum = args.verify === 'checksums';
    if (!checksum && args.verify !== 'counts')
      throw new UsageError(`--verify: must be checksums or counts, not ${args.verify}.`);
    const source = await openSource(from);
    try {
      const { target, plainOf } = await openCopyTarget(to);
      try {
        const job = { source, target, plainOf, sourceName: withoutPassword(from), follow: args.follow };
        const result = {
          from: withoutPassword(from),
          to: withoutPassword(to),
          ...(await copy(job, checksum)),
        };
        printResult(result, { json: args.json, render: renderCopy });
        if (!result.equal) process.exitCode = EXIT_CODES.problems;
      } finally {
        await target.close();
      }
    } finally {
      await source.close();
    }
  },
});

/** `sqlite:` is another name for `file:`. */
const urlOf = (text: string): string => text.replace(/^sqlite:(?:\/\/(?=\/))?/, 'file:');

/**
 * Creates the schema, and opens the database so that it takes events without counting them again.
 */
async function openCopyTarget(url: string) {
  const config = loadConfig(withDatabase(quietEnvironment(), url));
  await (await openServices(config, { mayBeCopied: true })).close();
  const plain = new Map(datasets.map((dataset) => [dataset, withoutDerived(dataset)]));
  const target = await createStore({ url, datasets: [...datasets, ...plain.values()], states });
  return { target, plainOf: (dataset: (typeof datasets)[number]) => defined(plain.get(dataset)) };
}

interface Job {
  readonly source: Store;
  readonly target: Store;
  readonly plainOf: Awaited<ReturnType<typeof openCopyTarget>>['plainOf'];
  readonly sourceName: string;
  readonly follow: boolean;
}

interface CopyResult {
  /** Whether all tables of both databases were equal at the end. */
  readonly equal: boolean;
  /** Whether the copy has ended, so that the new database may be served. */
  readonly complete: boolean;
  /** Rows that were written or removed. */
  readonly rows: number;
  readonly tables: readonly TableCheck[];
}

async function copy({ follow, ...job }: Job, checksum: boolean): Promise<CopyResult> {
  const progress = createProgress('Copying', process.stderr, () => performance.now());
  const onRows = (rows: number, table: string) =>
    progress.update(0, `${rows.toLocaleString('en')} rows, ${table}`);
  // Without --follow, Ctrl-C ends the process; the next call continues.
  const signalled = follow ? firstSignal(process) : null;
  const stopping = new AbortController();
  void signalled?.promise.then(() => stopping.abort());
  try {
    const copying = await beginCopy({ ...job, datasets, onRows });
    let rows = await copying.pass();
    while (follow && !stopping.signal.aborted) {
      await wait(PAUSE_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
      rows += await copying.pass();
    }
    const tables = await copying.verify({ checksum });
    const equal = tables.every(({ isEqual }) => isEqual);
    // More rows may arrive in a database that is followed.
    const complete = equal && !follow;
    if (complete) await copying.finish();
    return { equal, complete, rows, tables };
  } finally {
    signalled?.forget();
    progress.finish();
  }
}

function renderCopy(result: CopyResult & { from: string; to: string }): string {
  const { from, to, rows, tables } = result;
  const number = (count: number) => count.toLocaleString('en');
  const found = tables.filter(({ source, target }) => source.rows > 0 || target.rows > 0);
  const lines = found.map(({ table, source, target, isEqual }) => {
    const counts = isEqual
      ? number(source.rows)
      : `${number(source.rows)} and ${number(target.rows)}, which differ`;
    return `  ${table}  ${counts}  ${target.checksum ?? ''}\n`;
  });
  return `${number(rows)} rows from ${from} to ${to}:\n${lines.join('')}${nextStep(result)}\n`;
}

function nextStep({ complete, equal }: CopyResult): string {
  if (complete) return 'Complete: both are equal. Start the server on the new database.';
  const state = equal ? 'Equal so far' : 'Not complete: rows changed while they were copied';
  return (
    `${state}. Stop the server of the old database, and run the same command again, without --follow: it ` +
    'copies what is new.'
  );
}
