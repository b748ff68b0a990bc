/** The output for progress: standard error, so that standard output has only the summary. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Shows the progress of a long job. */
export interface Progress {
  /**
   * `fraction` is from 0 to 1; `text` describes the progress in the job's units. Cheap enough to
   * call for every batch.
   */
  update(fraction: number, text: string): void;
  /** Ends the bar, so that the next output starts on a new line. */
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

/** Redraws a bar in place on a terminal. Prints a line from time to time elsewhere. */
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
