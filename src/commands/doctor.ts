import { systemClock } from '../core/clock.ts';
import { examine } from './doctor/examine.ts';
import type { Finding, Verdict } from './doctor/finding.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { JSON_ARGUMENT, printResult } from './output.ts';
import { defineCommand } from './program/define-command.ts';

/** `telltale doctor`: checks everything that a server needs, and says what to do. */
export const doctor = defineCommand({
  meta: {
    name: 'doctor',
    description:
      'Check configuration, database, disk, clock, permissions, port, keys, versions, backups, the ' +
      'columnar copy, the queue and what arrived, with or without a running server. It changes nothing. ' +
      'Each line is ok, a warning or wrong, with what to do. The exit code is 5 if something is wrong.',
  },
  args: {
    serving: {
      type: 'boolean',
      description: "Require a server that answers at HOST and PORT, as in a container's health check",
      default: false,
    },
    quiet: { type: 'boolean', description: 'Print only warnings and problems', default: false },
    ...JSON_ARGUMENT,
  },
  examples: [
    ['telltale doctor', 'Show what is not in order, before a server starts or while it runs'],
    [
      'telltale doctor --serving --quiet',
      'Check the health of a container: exit code 5 if something is wrong',
    ],
    ['telltale doctor --json > report.json', 'Write a report for a program, or for somebody who helps you'],
  ],
  async run({ args }) {
    const all = await examine({ environment: process.env, now: systemClock.now, mustServe: args.serving });
    const verdict = worstOf(all);
    const findings = args.quiet ? all.filter((finding) => finding.verdict !== 'ok') : all;
    printResult({ verdict, findings }, { json: args.json, render });
    if (verdict === 'wrong') process.exitCode = EXIT_CODES.problems;
  },
});

function worstOf(findings: readonly Finding[]): Verdict {
  const has = (verdict: Verdict): boolean => findings.some((finding) => finding.verdict === verdict);
  return has('wrong') ? 'wrong' : has('warning') ? 'warning' : 'ok';
}

const SIGNS: Readonly<Record<Verdict, string>> = { ok: 'ok     ', warning: 'WARNING', wrong: 'WRONG  ' };

function render({ findings }: { readonly findings: readonly Finding[] }): string {
  const width = Math.max(0, ...findings.map(({ check }) => check.length));
  const indent = ' '.repeat(width + 11);
  return findings
    .flatMap(({ check, verdict, finding, advice, details }) => [
      `${SIGNS[verdict]}  ${check.padEnd(width)}  ${finding}`,
      ...details.map((line) => `${indent}${line}`),
      ...(advice === null ? [] : [`${indent}→ ${advice}`]),
    ])
    .map((line) => `${line}\n`)
    .join('');
}
