import { formatNumber, renderTable, rounded } from '../lib/statistics.ts';
import type { PreviewResult } from './preview.ts';
import { paceOf } from './rules.ts';

/** Maximum share of the time between two evaluations that the hundred rules may take. */
const LARGEST_SHARE = 0.25;
const SMALLEST_GAIN = 10;
const LONGEST_TURN_MS = 50;

/** Milliseconds per rule. */
export interface Measured {
  readonly planned: number;
  readonly raw: number;
}

export interface Results {
  readonly size: number;
  readonly runs: number;
  readonly windows: readonly { name: string; windowMs: number; rules: readonly Measured[] }[];
  readonly previews: readonly { name: string; result: PreviewResult }[];
}

export function report({ size, runs, windows, previews }: Results): void {
  const shares = windows.map(({ windowMs, rules }) => sumOf(rules, 'planned') / paceOf(windowMs));
  const rows = windows.map(({ name, windowMs, rules }, index) => {
    const [planned, raw] = [sumOf(rules, 'planned'), sumOf(rules, 'raw')];
    const numbers = [planned / rules.length, raw / rules.length, raw / planned, paceOf(windowMs)];
    return [name, String(rules.length), ...numbers.map(formatNumber), percent(shares[index] as number)];
  });
  console.log(
    `\n${size.toLocaleString('en')} calls of a month, milliseconds per rule, medians of ${runs} runs\n`,
  );
  console.log(renderTable(['window', 'rules', 'ours ms', 'rows ms', '× rows', 'pace ms', 'share'], rows));
  const header = ['preview of a month', 'evaluations', 'ms', 'one by one ms', '×', 'longest turn ms', 'read'];
  console.log(`\n${renderTable(header, previews.map(previewRow))}\n`);

  const share = shares.reduce((sum, one) => sum + one, 0);
  const gains = previews.map(({ result }) => result.eachMs / result.previewMs);
  const gain = Math.min(...gains);
  const turn = Math.max(...previews.map(({ result }) => result.longestTurnMs));
  printVerdict(
    share <= LARGEST_SHARE,
    `all rules take ${percent(share)} of the time, bar ${percent(LARGEST_SHARE)}`,
  );
  printVerdict(
    gain >= SMALLEST_GAIN,
    `previews: at least ${formatNumber(gain)} × one by one, bar ${SMALLEST_GAIN}`,
  );
  printVerdict(
    turn < LONGEST_TURN_MS,
    `previews: longest turn ${formatNumber(turn)} ms, bar ${LONGEST_TURN_MS}`,
  );
  const ratios = { share: rounded(share), previewGains: gains.map(rounded), longestTurnMs: rounded(turn) };
  console.log(JSON.stringify({ benchmark: 'alerts', size, runs, ...ratios }));
}

function previewRow({ name, result }: Results['previews'][number]): string[] {
  const { preview, previewMs, eachMs, longestTurnMs } = result;
  const { evaluations, source } = preview;
  const numbers = [evaluations, previewMs, eachMs, eachMs / previewMs, longestTurnMs].map(formatNumber);
  return [name, ...numbers, `${source.kind}, ${formatNumber(source.rowsRead)}`];
}

const sumOf = (rules: readonly Measured[], from: keyof Measured): number =>
  rules.reduce((sum, rule) => sum + rule[from], 0);

const percent = (share: number): string => `${formatNumber(share * 100)} %`;

function printVerdict(met: boolean, text: string): void {
  console.log(`${met ? 'met   ' : 'MISSED'}  ${text}`);
}
