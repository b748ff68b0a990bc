import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { startProcess, type TelltaleProcess } from '../../support/start-process.ts';

/** A ready server in a separate process. */
export interface Served extends TelltaleProcess {
  /** Milliseconds from its start until `/readyz` answered ok. */
  readonly readyMs: number;
  /** Milliseconds of processor time for that; null where the system does not report them. */
  readonly readyCpuMs: number | null;
}

/**
 * The processor time that a start may use. Only this counts, because a busy machine takes longer.
 */
const MAX_START_CPU_MS = 5_000;

/** Starts `telltale serve` on a port, and waits until it is ready. */
export async function serve(port: number, environment: Record<string, string>): Promise<Served> {
  const startedAt = performance.now();
  const running = startProcess(['serve'], { PORT: String(port), LOG_FORMAT: 'json', ...environment });
  const listening = running.waitUntilListening().catch(async (error) => {
    await running[Symbol.asyncDispose]();
    throw error;
  });
  await listening;
  while (!(await isReady(port))) await pause(10);
  const readyMs = performance.now() - startedAt;
  const readyCpuMs = processorTimeOf(running.child.pid ?? 0);
  expect(readyCpuMs ?? 0).toBeLessThan(MAX_START_CPU_MS);
  return Object.assign(running, { readyMs, readyCpuMs });
}

async function isReady(port: number): Promise<boolean> {
  const response = await fetch(`http://127.0.0.1:${port}/readyz`);
  await response.text();
  return response.ok;
}

/** Only Linux reports it, in hundredths of a second. */
function processorTimeOf(pid: number): number | null {
  if (process.platform !== 'linux') return null;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
