import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig } from '../../config/config.ts';
import { systemClock } from '../../core/clock.ts';
import { defined } from '../../core/defined.ts';
import { createIdSource } from '../../core/ids.ts';
import { datasets } from '../../declarations/registry.ts';
import type { Event } from '../import/events.ts';
import { openTarget } from '../import/open-target.ts';
import { TARGET_ARGUMENTS, UsageError } from '../import/options.ts';
import { defineCommand } from '../program/define-command.ts';
import { firstSignal } from '../signals.ts';
import { createOutbox, type Outbox } from './system/outbox.ts';
import { runCollection } from './system/run.ts';
import { createSystemSampler, type MachineUse } from './system/sampler.ts';
import { type Origin, toEvent } from './system/to-event.ts';

const LONGEST_PERIOD_SECONDS = 86_400;

/** `telltale collect system`: records health samples of this machine through the ingest path. */
export const collectSystemCommand = defineCommand({
  meta: {
    name: 'system',
    description: 'Record the processor, memory and disk use of this machine, until Ctrl-C.',
  },
  args: {
    every: { type: 'string', valueHint: 'SECONDS', description: 'Seconds between samples', default: '15' },
    once: { type: 'boolean', description: 'Take one sample and exit' },
    service: {
      type: 'string',
      valueHint: 'NAME',
      description: 'The service to record it as; default: the name of the machine',
    },
    environment: {
      type: 'string',
      valueHint: 'NAME',
      description: 'The deployment environment, such as production',
    },
    ...TARGET_ARGUMENTS,
  },
  examples: [
    ['telltale collect system --every=15', 'Record the use of this machine every 15 seconds'],
    ['telltale collect system --once --service=worker-3', 'Take one sample, for example from a timer'],
  ],
  async run({ args }) {
    const every = readPeriod(args.every);
    const origin: Origin = {
      service: args.service || hostname(),
      environment: args.environment || null,
      thresholds: readThresholds(),
    };
    const target = await openTarget(args);
    try {
      const take = await createTake(origin);
      const dataset = defined(datasets.find(({ name }) => name === 'healthSamples'));
      const outbox = createOutbox({ target, dataset, say: report });
      if (args.once) await collectOnce(take, outbox);
      else {
        const what = `${origin.service} into ${target.description}`;
        await collectUntilStopped({ take, outbox, every, what });
      }
    } finally {
      await target.close();
    }
  },
});

/** @throws UsageError unless the text is a number of seconds from 1 to a day. */
export function readPeriod(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== '' && seconds >= 1 && seconds <= LONGEST_PERIOD_SECONDS) return seconds * 1000;
  throw new UsageError(`--every: ${text} is not a number of seconds from 1 to ${LONGEST_PERIOD_SECONDS}.`);
}

/**
 * Reads only the thresholds of `health`. The other variables do not concern a machine that is
 * merely sampled.
 */
function readThresholds(): Origin['thresholds'] {
  const names = Object.keys(process.env).filter((name) => name.startsWith('HEALTH_'));
  return loadConfig(Object.fromEntries(names.map((name) => [name, process.env[name]]))).health;
}

async function createTake(origin: Origin): Promise<() => Promise<Event>> {
  const sampler = await createSystemSampler();
  const ids = createIdSource(systemClock);
  let isFirst = true;
  return async () => {
    const use = await sampler.sample();
    if (isFirst) reportMissing(use);
    isFirst = false;
    return toEvent(use, origin, { id: ids.next(), time: systemClock.now() });
  };
}

function reportMissing(use: MachineUse): void {
  const missing = (['cpuUsage', 'memoryUsage', 'diskUsage'] as const).filter((name) => use[name] === null);
  if (missing.length > 0)
    report(`This machine does not report its ${missing.join(', ')}: samples are recorded without them.`);
}

/**
 * Records and prints one sample.
 *
 * @throws UsageError when it could not be stored.
 */
async function collectOnce(take: () => Promise<Event>, outbox: Outbox): Promise<void> {
  const sample = await take();
  outbox.add(sample);
  if (!(await outbox.flush())) throw new UsageError('The sample was not stored.');
  process.stdout.write(`${JSON.stringify(sample)}\n`);
}

interface Sampling {
  readonly take: () => Promise<Event>;
  readonly outbox: Outbox;
  /** The pause between two samples, in milliseconds. */
  readonly every: number;
  /** Whose samples they are, and where they go. */
  readonly what: string;
}

async function collectUntilStopped({ take, outbox, every, what }: Sampling): Promise<void> {
  const ending = new AbortController();
  const signalled = firstSignal(process);
  void signalled.promise.then(() => ending.abort());
  report(`Sampling ${what} every ${every / 1000} s. Stop it with Ctrl-C.`);
  try {
    const left = await runCollection({
      take,
      outbox,
      every,
      now: () => performance.now(),
      // The signal rejects the pause, which only needs to end.
      pause: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }).catch(() => undefined),
      signal: ending.signal,
    });
    if (left > 0) report(`${left} samples could not be sent.`);
  } finally {
    signalled.forget();
  }
}

function report(line: string): void {
  process.stderr.write(`${line}\n`);
}
