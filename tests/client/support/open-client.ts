import { beforeEach } from 'vitest';
import { createClient, type Telltale } from '../../../client/src/client.ts';
import type { TelltaleOptions } from '../../../client/src/options.ts';
import type { Platform } from '../../../client/src/platform.ts';
import { nodePlatform } from '../../../client/src/platforms/node.ts';
import type { Problem } from '../../../client/src/problem.ts';
import { type IngestServer, startIngestServer } from './ingest-server.ts';

/** Longer than a test; shorter waits of the client end at once. */
export const NEVER_MS = 60_000;

/** A server for each test, and clients of it. */
export interface Opened {
  readonly server: IngestServer;
  /** The problems that the clients of the test reported. */
  readonly problems: readonly Problem[];
  /** The successive waits of the newest client, in milliseconds. */
  readonly waits: readonly number[];
  /** Opens a client whose random waits have their maximum length, but end at once. */
  open(options?: Partial<TelltaleOptions>, platform?: Platform): Telltale;
  /** The problems in short form. */
  kinds(): string[];
}

/** Declares that each test of the file has its own server. */
export function withIngestServer(): Opened {
  let server: IngestServer;
  let problems: Problem[] = [];
  let waits: number[] = [];
  beforeEach(async () => {
    problems = [];
    server = await startIngestServer();
    return () => server[Symbol.asyncDispose]();
  });
  const impatient: Platform = {
    ...nodePlatform,
    random: () => 1,
    startTimer(run, afterMs, isAwaited) {
      if (isAwaited || afterMs >= NEVER_MS) return nodePlatform.startTimer(run, afterMs, isAwaited);
      waits.push(afterMs);
      return nodePlatform.startTimer(run, 0);
    },
  };
  return {
    get server() {
      return server;
    },
    get problems() {
      return problems;
    },
    get waits() {
      return waits;
    },
    open(options, platform = impatient) {
      waits = [];
      const onError = (problem: Problem) => void problems.push(problem);
      const settings = {
        url: server.url,
        timeoutMs: NEVER_MS,
        flushIntervalMs: NEVER_MS,
        onError,
        ...options,
      };
      return createClient(settings, platform);
    },
    kinds: () => problems.map(({ kind, code, count }) => `${kind} ${code} ${count}`),
  };
}
