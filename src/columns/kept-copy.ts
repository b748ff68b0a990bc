import type { Copy } from './copy.ts';
import type { CopySettings } from './protocol.ts';

/**
 * A copy that is opened anew now and then. DuckDB gives back the memory that copying took only when its
 * file is closed.
 */
export interface KeptCopy {
  /** The copy; waits while it is being opened. */
  current(): Promise<Copy>;
  /** Runs work with the copy, which stays open meanwhile. Waits while it is being opened. */
  using<Value>(work: (copy: Copy) => Promise<Value>): Promise<Value>;
  /**
   * Opens the copy anew if that is due: at the end of filling when those who use it have ended, for
   * questions without end would keep it small for ever, and else if nobody uses it. With little
   * memory and one processor at the beginning of a long time of copying, with all of both at its
   * end, when many rows were copied, and when nobody has asked for a minute and the answers before
   * have left much in memory.
   *
   * @param isLeft whether something is left to copy
   * @param isComing whether many rows are coming: then more of them would come meanwhile than a question waits for
   */
  renew(isLeft: boolean, isComing?: boolean): Promise<void>;
}

/** Filling needs no more: a sort or a hash table does, and those are for questions. */
const FILLING_MEMORY_BYTES = 128 * 1024 ** 2;
/** What so many rows leave in memory is worth a quarter of a second. */
const MANY_ROWS = 250_000;
const REST_MS = 60_000;
/** A copy that was only opened holds a tenth of it. */
const MUCH_MEMORY_BYTES = 32 * 1024 ** 2;

/**
 * @param open opens the copy, which is closed
 * @param restMs how long nobody has asked before the memory of the answers is given back
 */
export function keepCopy(
  settings: CopySettings,
  open: (settings: CopySettings) => Promise<Copy>,
  restMs = REST_MS,
): KeptCopy {
  const filling = {
    ...settings,
    threads: 1,
    memoryBytes: Math.min(settings.memoryBytes, FILLING_MEMORY_BYTES),
  };
  let opening = open(settings);
  let isFilling = false;
  let users = 0;
  /** When it last answered; null if it has not since it was opened, or holds little all the same. */
  let usedAt: number | null = null;
  let onUnused = () => {};

  const unused = (): Promise<void> =>
    users === 0
      ? Promise.resolve()
      : new Promise((resolve) => {
          onUnused = resolve;
        });

  async function holdsMuchAtRest(copy: Copy): Promise<boolean> {
    if (usedAt === null || users > 0 || performance.now() - usedAt < restMs) return false;
    usedAt = null;
    return (await copy.heldBytes()) > MUCH_MEMORY_BYTES;
  }

  async function reopen(copy: Copy): Promise<Copy> {
    await unused();
    await copy.close();
    return open(isFilling ? filling : settings);
  }

  return {
    current: () => opening,
    async using(work) {
      let asked = opening;
      let copy = await asked;
      while (asked !== opening) {
        asked = opening;
        copy = await asked;
      }
      users++;
      try {
        return await work(copy);
      } finally {
        users--;
        usedAt = performance.now();
        if (users === 0) onUnused();
      }
    },
    async renew(isLeft, isComing = false) {
      const copy = await opening;
      const isDue = isLeft
        ? !isFilling && copy.isFarBehind()
        : isFilling || (!isComing && (copy.copied() >= MANY_ROWS || (await holdsMuchAtRest(copy))));
      const mayWait = isFilling && !isLeft;
      if (!isDue || (users > 0 && !mayWait)) return;
      isFilling = isLeft;
      // At once: who comes now waits for the new one.
      opening = reopen(copy);
      await opening;
    },
  };
}
