import { expect } from 'vitest';
import type { Finding, Verdict } from '../../../../src/commands/doctor/finding.ts';

export const NOW = Date.UTC(2026, 10, 30, 12);
export const MINUTE = 60_000;
export const DAY = 86_400_000;
export const GIB = 1024 ** 3;

/** The verdicts and their messages, in one text for a matcher. */
const shown = (findings: readonly Finding[]): string =>
  findings
    .map(({ verdict, finding, advice }) => `${verdict}: ${finding}${advice === null ? '' : ` → ${advice}`}`)
    .join('\n');

/** Every problem comes with advice; findings without a problem have none. */
export function expectVerdict(findings: readonly Finding[], verdict: Verdict, text: string): void {
  expect(shown(findings)).toContain(text);
  expect(findings.map((finding) => finding.verdict)).toContain(verdict);
  for (const finding of findings)
    expect(finding.advice === null, shown([finding])).toBe(finding.verdict === 'ok');
}

export type Case<Facts> = readonly [verdict: Verdict, text: string, facts: Partial<Facts>];
