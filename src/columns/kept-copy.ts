import type { Copy } from './copy.ts';
import type { CopySettings } from './protocol.ts';

/**
 * A copy that is reopened now and then. DuckDB gives back the memory that copying took only when
 * its file is closed.
 */
export interface KeptCopy {
  /** The copy. Waits while it is being opened. */
  current(): Promise<Copy>;
  /** Runs work with the copy, which stays open meanwhile. Waits while it is being opened. */
  using<Value>(work: (copy: Copy) => Promise<Value>): Promise<Value>;
  /**
   * Reopens the copy if that is due. At the end of filling, it waits for those who use the copy,
   * because endless questions would otherwise keep it small for ever. In all other cases, it
   * reopens only if nobody uses the copy. A long period of copying begins with little memory and
   * one processor, and ends with all of both. The copy is also reopened after many rows were
   * copied, and when nobody has asked for a minute and earlier answers have left much in memory.
   *
   * @param isLeft whether something is left to copy
   * @param isComing whether many rows are arriving: then more would arrive meanwhile than a
   *   question waits for
   */
  renew(isLeft: boolean, isComing?: boolean): Promise<void>;
}

/** Filling needs no more than this. A sort or a hash table does, but only questions use those. */
const FILLING_MEMORY_BYTES = 128 * 1024 ** 2;
/** The memory that this many rows leave behind is worth a quarter of a second. */
const MANY_ROWS = 250_000;
const REST_MS = 60_000;
/** A copy that was only opened holds a tenth of it. */
const MUCH_MEMORY_BYTES = 32 * 1024 ** 2;

/**
 * @param open opens the copy, which must be closed
 * @param restMs how long nobody must have asked before the memory of the answers is given back
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
  /**
   * When the copy last answered. Null if it has not answered since it was opened, or holds little
   * anyway.
   */
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
      // Without delay: whoever comes now waits for the new one.
      opening = reopen(copy);
      await opening;
    },
  };
}
