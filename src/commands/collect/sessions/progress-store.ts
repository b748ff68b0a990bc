import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isObject } from '../../../core/is-object.ts';
import { codeOf } from '../../../core/thrown.ts';
import { writeWhole } from '../../export/whole-file.ts';
import type { Event } from '../../import/events.ts';

/** How far a file was read, and the state needed to continue. */
export interface FileProgress {
  /** The position after the last line whose events are stored. */
  readonly position: number;
  /** The number of that line. */
  readonly line: number;
  /** See `markOf`. */
  readonly mark: string;
  readonly changedAt: number;
  /** Whether something waits for further lines, or for the file to be quiet. */
  readonly waits: boolean;
  readonly state: unknown;
}

/**
 * An event that was stored. If the target no longer has it, it is another target, has lost its
 * data, or has removed old rows.
 */
export interface Witness {
  readonly dataset: string;
  readonly event: Event;
  /**
   * Not earlier than this time, the event happened or the target received it. In milliseconds since
   * 1970.
   */
  readonly at: number;
}

/**
 * Only events of these datasets are witnesses, because they hold no text, whatever the options are.
 */
export const WITNESS_DATASETS: ReadonlySet<string> = new Set(['llmCalls', 'toolCalls', 'agentUsage']);

export interface Progress {
  witness: Witness | null;
  readonly files: Map<string, FileProgress>;
}

/** Keeps how far files were read for one target. */
export interface ProgressStore {
  /**
   * Empty if there is no progress, or if it cannot be used. Everything is then read again, which
   * stores nothing twice.
   */
  load(): Promise<Progress>;
  /** @throws UsageError if it cannot be written */
  save(progress: Progress): Promise<void>;
}

/** Must change when states or events have another form. */
const VERSION = 1;

/**
 * Keeps the progress in a file of this user. It holds positions, names of models and tools, and
 * counts, but no text of a session.
 *
 * @param folder the folder of all such files
 * @param identity what must be the same for a run to continue another one: the target, the folders,
 *   the options
 */
export function createProgressStore(folder: string, identity: readonly unknown[]): ProgressStore {
  const digest = createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 16);
  const path = join(folder, `${String(identity[0])}-${digest}.json`);
  return {
    async load() {
      const saved = await read(path);
      return {
        witness: readWitness((saved?.['witness'] ?? null) as SavedWitness | null),
        files: new Map(Object.entries((saved?.['files'] ?? {}) as Record<string, FileProgress>)),
      };
    },
    async save({ witness, files }) {
      const text = JSON.stringify({ version: VERSION, witness, files: Object.fromEntries(files) });
      const write = async (partial: string) => {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await writeFile(partial, text, { mode: 0o600 });
      };
      await writeWhole(path, write, 'The progress');
    },
  };
}

/** The form in which earlier versions kept it: of any dataset, and without its time. */
type SavedWitness = Omit<Witness, 'at'> & Partial<Pick<Witness, 'at'>>;

function readWitness(saved: SavedWitness | null): Witness | null {
  if (saved === null || !WITNESS_DATASETS.has(saved.dataset)) return null;
  return { ...saved, at: saved.at ?? Date.parse(String(saved.event['timestamp'])) };
}

/** Null if there is none, or if it is of another version. */
async function read(path: string): Promise<Readonly<Record<string, unknown>> | null> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    return isObject(value) && value['version'] === VERSION && isObject(value['files']) ? value : null;
  } catch (error) {
    // A missing file, or one that is not JSON, counts as no progress.
    if (codeOf(error) === 'ENOENT' || error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Keeps no progress, so everything is read each time. */
export const noProgress: ProgressStore = {
  load: () => Promise.resolve({ witness: null, files: new Map() }),
  save: () => Promise.resolve(),
};
