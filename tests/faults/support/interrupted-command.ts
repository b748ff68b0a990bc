import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Random } from '../../../src/commands/demo/random.ts';
import { startProcess, type TelltaleProcess } from '../../support/start-process.ts';

/** A command of `telltale` that is killed, and then run again. */
export interface InterruptedCommand {
  /** The arguments of `telltale` for a database. */
  readonly words: (url: string) => readonly string[];
  /** Checks what must hold after a kill at any moment. */
  check(url: string): Promise<void>;
  /** Checks what must also hold after the command has run to its end. */
  done(url: string): Promise<void>;
}

/** The first part of a command's time is its start, and the rest is its work. */
const EARLIEST = 0.4;

function start({ words }: InterruptedCommand, url: string): TelltaleProcess {
  return startProcess(words(url), { DATABASE_URL: url, LOG_FORMAT: 'json', COLUMN_STORE: 'off' });
}

/** Runs it to its end. @returns the milliseconds that it took */
export async function runToEnd(command: InterruptedCommand, url: string): Promise<number> {
  const startedAt = performance.now();
  await using running = start(command, url);
  expect({ code: await running.ended, stderr: running.stderr }).toMatchObject({ code: 0 });
  const took = performance.now() - startedAt;
  await command.check(url);
  await command.done(url);
  return took;
}

/**
 * Kills it at a moment, and checks what it left.
 *
 * @returns whether it was killed before its end
 */
export async function runAndKill(
  command: InterruptedCommand,
  url: string,
  moment: (running: TelltaleProcess) => Promise<unknown>,
): Promise<boolean> {
  await using running = start(command, url);
  await Promise.race([moment(running), running.ended]);
  running.child.kill('SIGKILL');
  const ended = await running.ended;
  await command.check(url);
  return ended === 'SIGKILL';
}

/** Any moment in a run that takes this long. */
export const atRandom = (random: Random, tookMs: number) => () =>
  pause((EARLIEST + random.next() * (1 - EARLIEST)) * tookMs);

/** The moment when it has written a text. */
export const atText = (text: RegExp) => (running: TelltaleProcess) =>
  new Promise<void>((resolve) => {
    running.child.stderr?.on('data', () => text.test(running.stderr) && resolve());
  });
