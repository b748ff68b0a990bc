import { defineConfig } from 'vitest/config';
import { LongFilesFirst } from './tests/support/long-files-first.ts';
import { SHORT_LIVED } from './tests/support/short-lived.ts';

export default defineConfig({
  // One graphql for all: Node gives libraries the CommonJS build, Vite would give us the other, and
  // errors and schemas of one are strangers to the other.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/support/global-setup.ts'],
    // Processes of their own: tests start worker threads and load native modules.
    pool: 'forks',
    // The files of a worker share what they import: a file spent longer on importing the server
    // than on its tests. So no test mocks modules, and one that changes the process changes it
    // back.
    isolate: false,
    // Most tests wait for a database: four at a time keep two cores busy.
    maxWorkers: (await import('node:os')).availableParallelism() + 2,
    sequence: { sequencer: LongFilesFirst },
    // The default of 16 MB is filled all the time by servers that start and end: a twentieth less
    // processor time.
    execArgv: ['--max-semi-space-size=64', ...SHORT_LIVED],
    // What hangs fails; what is slow does not: tests that start processes take long on a busy
    // machine.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    teardownTimeout: 20_000,
    // What is waited for comes when a processor is free: the default of a second is a deadline on a
    // busy machine. To ask more often takes the processor from what is waited for.
    expect: { poll: { timeout: 60_000, interval: 50 } },
    restoreMocks: true,
    unstubEnvs: true,
  },
});
