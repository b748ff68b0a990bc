import { drawId, type Random } from './random.ts';

type Input = Readonly<Record<string, unknown>>;
/** Handed over by its maker, to be completed. */
type NewInput = Record<string, unknown>;

/** A request with everything that belongs to it, as `recordActivity` takes it. */
export interface Activity {
  readonly requestLogs: readonly Input[];
  readonly llmCalls: readonly Input[];
  readonly techniqueUsages: readonly Input[];
  readonly errorLogs: readonly Input[];
  readonly generations: readonly Input[];
  readonly metricUsages: readonly Input[];
}

/** Names of the datasets of an activity. */
export type ActivityPart = keyof Activity;

/** Collects what happens in one request, with its clock. */
export interface RequestRecorder {
  /** Milliseconds since the request began. */
  elapsed: number;
  /** Tokens of its calls so far. */
  totalTokens: number;
  add(part: Exclude<ActivityPart, 'requestLogs'>, event: NewInput): void;
  /** The activity, with the request's own log. */
  finish(requestLog: NewInput): Activity;
}

/**
 * On whose work a request is, and the release that answers it. Absent: no agent's; a release of
 * before the month, which nobody noted.
 */
export interface Work {
  readonly agentId?: string | undefined;
  readonly taskId?: string | undefined;
  readonly release?: string | undefined;
}

export interface RequestOrigin {
  readonly requestId: string;
  readonly service: string;
  readonly environment: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly work: Work;
}

/**
 * Starts to record a request: every event gets an id, its time, and what it shares with the
 * request.
 */
export function recordRequest(random: Random, origin: RequestOrigin): RequestRecorder {
  const { startedAt, requestId, service, environment, work } = origin;
  // In place: copies of a few hundred thousand wide objects would be most of the work.
  function complete(event: NewInput, time: number): Input {
    event.timestamp = new Date(time).toISOString();
    event.service = service;
    event.environment = environment;
    return event;
  }
  function tellWork(event: NewInput): void {
    event.agentId = work.agentId;
    event.taskId = work.taskId;
    event.release = work.release;
  }
  const parts = {
    llmCalls: [] as Input[],
    techniqueUsages: [] as Input[],
    errorLogs: [] as Input[],
    generations: [] as Input[],
    metricUsages: [] as Input[],
  };
  return {
    elapsed: 0,
    totalTokens: 0,
    add(part, event) {
      const time = Math.floor(startedAt + this.elapsed);
      // A generation has its own natural key; a use of a metric belongs to no request.
      if (part !== 'generations') event.id = drawId(random, time);
      if (part !== 'metricUsages') event.requestId = requestId;
      if (part === 'llmCalls') tellWork(event);
      parts[part].push(complete(event, time));
    },
    finish(requestLog) {
      requestLog.requestId = requestId;
      tellWork(requestLog);
      return { requestLogs: [complete(requestLog, startedAt)], ...parts };
    },
  };
}
