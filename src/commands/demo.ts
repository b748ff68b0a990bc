import { DEFAULT_PROJECT } from '../access/projects.ts';
import { type App, createApp } from '../app.ts';
import { loadConfig, withoutPassword } from '../config/config.ts';
import { systemClock } from '../core/clock.ts';
import { TelltaleError } from '../core/errors.ts';
import { messageOf } from '../core/thrown.ts';
import { createRecorder, datasetNamed, fillMonth, type Recorder } from './demo/fill.ts';
import { fillAlerts } from './demo/fill-alerts.ts';
import { fillCatalog } from './demo/fill-catalog.ts';
import { fillViews } from './demo/fill-views.ts';
import { createLiveRecorder, type LiveRecorder } from './demo/live/create-live-recorder.ts';
import { type FillPlan, MONTH_MS, planFill } from './demo/month.ts';
import { findDemoRows } from './demo/newest.ts';
import { createRandom } from './demo/random.ts';
import { startTrickle } from './demo/trickle.ts';
import { LISTENING_ARGUMENTS, withListening } from './listening.ts';
import { defineCommand } from './program/define-command.ts';
import { createProgress } from './progress.ts';
import { type Addresses, expectFreePort, runApp } from './run-app.ts';

const DEMO_DATABASE = 'file:./data/demo.db';
/** Model calls of a generated month at scale 1. */
const CALLS_OF_A_MONTH = 200_000;
/** Disk space of a month at scale 1 in SQLite, without the team's events. */
const MEGABYTES_OF_A_MONTH = 570;
const MEGABYTES_OF_THE_TEAM = 80;
/**
 * The most memory that the process uses, including what SQLite maps. `npm run demo` limits the
 * heap, because otherwise V8 lets garbage pile up as long as the machine has memory. `npm run
 * bench:start` measures it.
 */
const MEGABYTES_OF_MEMORY = 800;

/** `telltale demo`: serves its own database, with a generated month and live events. */
export const demoCommand = defineCommand({
  meta: { name: 'demo', description: 'Serve a generated month of traffic, with live events.' },
  args: {
    seed: { type: 'string', valueHint: 'N', description: 'The seed of the generated month', default: '1' },
    calls: {
      type: 'string',
      valueHint: 'N',
      description: 'About how many model calls the month has',
      default: String(CALLS_OF_A_MONTH),
    },
    ...LISTENING_ARGUMENTS,
  },
  examples: [
    ['telltale demo', 'Serve a month of 200,000 model calls, and new ones every second'],
    ['telltale demo --calls=10000 --seed=7', 'Generate another, smaller month in some seconds'],
  ],
  async run({ args }) {
    const seed = readWholeNumber('--seed', args.seed, 0);
    const calls = readWholeNumber('--calls', args.calls, 1000);
    const DATABASE_URL = process.env.DATABASE_URL || DEMO_DATABASE;
    const environment = { ...withListening(process.env, args), DATABASE_URL };
    const config = loadConfig(environment, { isTerminal: process.stdout.isTTY === true });
    await expectFreePort(config, 'npm run demo');
    const app = await createApp(config);
    try {
      const { ingest, datasets } = app.services;
      const recorder = createRecorder(ingest, DEFAULT_PROJECT, datasets);
      const plan = await fill(app, recorder, { seed, scale: calls / CALLS_OF_A_MONTH });
      if (plan === null) return;
      await fillCatalog(app);
      await fillAlerts(app, { from: plan.month.anchor - MONTH_MS, to: plan.to });
      await fillViews(app);
      await runApp(app, process, async (addresses) =>
        trickle(app, liveRecorder(app, recorder, addresses), plan),
      );
    } finally {
      await app.stop();
    }
  },
});

function readWholeNumber(flag: string, text: string, min: number): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= min) return number;
  throw new TelltaleError('BAD_USER_INPUT', `${flag}: ${text} is not a whole number of at least ${min}.`);
}

/** Records the events that the month still lacks. Null if a signal stopped it. */
async function fill(
  app: App,
  recorder: Recorder,
  options: { readonly seed: number; readonly scale: number },
): Promise<FillPlan | null> {
  const { store, datasets } = app.services;
  const newest = await findDemoRows(store, datasetNamed(datasets, 'requestLogs'), datasets);
  const plan = planFill(newest, systemClock.now(), options);
  if (newest === null) process.stderr.write(announceFill(app.services.config.databaseUrl, options.scale));
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  const start = performance.now();
  try {
    const progress = createProgress('Generating a month of traffic', process.stderr, () => performance.now());
    const { accepted } = await fillMonth(plan, { recorder, progress, stopped: stop.signal });
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    process.stderr.write(`${accepted.toLocaleString('en')} events recorded in ${seconds} s\n`);
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
  return stop.signal.aborted ? null : plan;
}

/** Says what a first start needs, and how to start over. */
function announceFill(databaseUrl: string, scale: number): string {
  const file = /^file:(.*)/.exec(databaseUrl)?.[1];
  const megabytes = Math.ceil(MEGABYTES_OF_THE_TEAM + scale * MEGABYTES_OF_A_MONTH);
  const time = scale > 0.1 ? 'a minute or two' : 'some seconds';
  const takes = `about ${megabytes} MB on disk, at most ${MEGABYTES_OF_MEMORY} MB of memory and ${time}`;
  const anew =
    file === undefined
      ? 'give it an empty database'
      : `stop it and remove ${file}, ${file}-wal and ${file}-shm`;
  return `The demo fills ${withoutPassword(databaseUrl)} once, which takes ${takes}. To start over, ${anew}.\n`;
}

/**
 * Records live events as services do, by OTLP and by the client. The demo has no key, so if the
 * server requires one, it records the events directly.
 */
function liveRecorder({ services }: App, recorder: Recorder, { graphql, otlp }: Addresses): LiveRecorder {
  const live = createLiveRecorder({
    ...{ graphql, otlp },
    onProblem: ({ code, message }) =>
      process.stderr.write(`A live event was not recorded: ${code}: ${message}\n`),
  });
  return {
    record: (events) => (services.access.isOpen ? live : recorder).record(events),
    close: live.close,
  };
}

/** Records live events. Returns the function that stops them. */
function trickle(app: App, recorder: LiveRecorder, { month, to }: FillPlan): () => Promise<void> {
  const { stop } = startTrickle({
    month,
    from: to,
    recorder,
    clock: app.services.clock,
    random: createRandom(month.seed, systemClock.now() / 1000),
    schedule(task, delayMs) {
      const timer = setTimeout(task, delayMs);
      return () => clearTimeout(timer);
    },
    onError: (error) => process.stderr.write(`A live event was not recorded: ${messageOf(error)}\n`),
  });
  return async () => {
    await stop();
    await recorder.close();
  };
}
