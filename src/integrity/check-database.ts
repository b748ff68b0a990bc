import type { Damage } from '../storage/upkeep.ts';
import type { Check } from './context.ts';
import type { Finding } from './report.ts';

/** Lets the database check its own pages, tables and indexes. */
export const checkDatabase: Check = async function* ({ store, mode }) {
  for await (const { what, done, damages, unchecked } of store.upkeep.check(mode))
    yield { what, done, looked: 1, findings: damages.map(toFinding), unchecked };
};

const RESTORE =
  'Stop every server, keep a copy of the database as it is, and restore the last intact backup.';

function toFinding({ kind, name, table, problem }: Damage): Finding {
  const finding = { check: 'DATABASE', projectId: null, count: 1 } as const;
  switch (kind) {
    case 'INDEX':
      return {
        ...finding,
        subject: name,
        problem: `The index ${name} of the table ${table} is damaged: ${problem}`,
        advice:
          `Its rows are not affected. Rebuild it from them: telltale verify --reindex ${name}. If ` +
          'the database cannot read enough of it for that, restore the last intact backup.',
      };
    case 'TABLE':
      return {
        ...finding,
        subject: name,
        problem: `The table ${name} is damaged: ${problem}`,
        advice: RESTORE,
      };
    case 'UNKNOWN':
      return {
        ...finding,
        subject: 'database',
        problem: `The database is damaged: ${problem}`,
        advice: RESTORE,
      };
  }
}
