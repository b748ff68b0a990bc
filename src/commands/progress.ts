/** Where progress is shown: standard error, so that the summary on standard output stays clean. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Shows how far a long job is. */
export interface Progress {
  /**
   * `fraction` of the job from 0 to 1; `text` says it in the job's units. Cheap enough to be called
   * for every batch.
   */
  update(fraction: number, text: string): void;
  /** Ends the bar, so that what is written next starts on a line of its own. */
  finish(): void;
}

const BAR_WIDTH = 30;
const TERMINAL_INTERVAL_MS = 100;
const PLAIN_INTERVAL_MS = 2000;

/** The bar itself: 0.5 of 10 is `█████     `. */
export function drawBar(fraction: number, width: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, fraction)) * width);
  return '█'.repeat(filled) + ' '.repeat(width - filled);
}

/** A bar that is redrawn in place on a terminal, and a line now and then elsewhere. */
export function createProgress(label: string, output: ProgressOutput, now: () => number): Progress {
  const terminal = output.isTTY === true;
  const interval = terminal ? TERMINAL_INTERVAL_MS : PLAIN_INTERVAL_MS;
  let shownAt = Number.NEGATIVE_INFINITY;
  let drawn = false;
  return {
    update(fraction, text) {
      const time = now();
      if (time - shownAt < interval && fraction < 1) return;
      shownAt = time;
      const percent = `${Math.floor(fraction * 100)} %`.padStart(6);
      if (terminal) output.write(`\r\u001B[K${label} ▕${drawBar(fraction, BAR_WIDTH)}▏${percent}  ${text}`);
      else output.write(`${label}${percent}  ${text}\n`);
      drawn = true;
    },
    finish() {
      if (terminal && drawn) output.write('\n');
      drawn = false;
    },
  };
}
