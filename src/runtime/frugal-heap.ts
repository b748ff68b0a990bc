import { setFlagsFromString } from 'node:v8';

/**
 * Lets the heap grow less beyond what is in use. V8 collects the old generation when it has up to
 * four times what the last collection left. So some large answers, one after the other, leave
 * hundreds of megabytes before anything is given back. To collect at one and a half times costs an
 * eighth more processor time of recording, so it is for the time in which large answers are made.
 */
export interface FrugalHeap {
  /** Large answers are made now. */
  need(): void;
  /** V8 does as it finds best again. */
  close(): void;
}

/** V8 reads it at the end of each collection. 0: as V8 finds best. */
const FLAG = '--heap-growing-percent=';
const FRUGAL_PERCENT = 50;
const LASTS_MS = 10_000;

export interface FrugalHeapOptions {
  /** Default: of this process, for all its threads. */
  readonly setFlag?: (flag: string) => void;
  /** How long after the last need. Default: 10,000. */
  readonly lastsMs?: number;
}

export function createFrugalHeap({
  setFlag = setFlagsFromString,
  lastsMs = LASTS_MS,
}: FrugalHeapOptions = {}): FrugalHeap {
  let timer: NodeJS.Timeout | null = null;

  function close(): void {
    if (timer === null) return;
    clearTimeout(timer);
    timer = null;
    setFlag(`${FLAG}0`);
  }

  return {
    need() {
      if (timer !== null) {
        timer.refresh();
        return;
      }
      timer = setTimeout(close, lastsMs).unref();
      setFlag(`${FLAG}${FRUGAL_PERCENT}`);
    },
    close,
  };
}
