import { batchesOf } from '../../core/batches.ts';
import type { Store } from '../../storage/store.ts';
import { alertsKey } from '../book/alert-book.ts';
import type { ShouldContinue, WorkLog } from '../lease/leased-work.ts';
import { type EvaluationNote, noteColumns } from './evaluation-note.ts';
import type { StoredRule } from './rule.ts';
import type { Memory } from './rule-memories.ts';

export interface NewNote {
  readonly stored: StoredRule;
  readonly memory: Memory;
  readonly note: EvaluationNote;
}

/** On SQLite ingest waits for a transaction. */
const NOTES_PER_TRANSACTION = 25;

/**
 * Creates a function that stores what the rules of a project show of their last evaluations. A rule
 * that was changed meanwhile is left alone. If the database refuses the notes of a project, the
 * alerts of all others still go on: that is logged, once until it works again, and the next
 * evaluations bring newer notes.
 */
export function createNoteKeeper({
  store,
  log,
}: {
  readonly store: Pick<Store, 'transact'>;
  readonly log: WorkLog;
}) {
  const refused = new Set<string>();
  return async (notes: readonly NewNote[], shouldContinue: ShouldContinue): Promise<void> => {
    const projectId = notes[0]?.stored.projectId;
    if (projectId === undefined) return;
    try {
      await storeNotes(store, notes, shouldContinue);
      refused.delete(projectId);
    } catch (err) {
      if (!refused.has(projectId)) log.error({ err, projectId }, 'Evaluations of alert rules were not noted');
      refused.add(projectId);
    }
  };
}

async function storeNotes(
  store: Pick<Store, 'transact'>,
  notes: readonly NewNote[],
  shouldContinue: ShouldContinue,
): Promise<void> {
  for (const batch of batchesOf(notes, NOTES_PER_TRANSACTION)) {
    const [first] = batch;
    if (first === undefined || !(await shouldContinue())) return;
    await store.transact(alertsKey(first.stored.projectId), async ({ alertRule }) => {
      for (const { stored, note } of batch) {
        const { projectId, id, updatedAt } = stored;
        await alertRule.updateMany({ where: { projectId, id, updatedAt }, data: noteColumns(note) });
      }
    });
    for (const { memory, note } of batch) memory.noted = note;
  }
}
