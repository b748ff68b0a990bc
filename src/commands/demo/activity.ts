import type { Tags } from './labels.ts';
import { drawId, type Random } from './random.ts';

type Input = Readonly<Record<string, unknown>>;
/** An event that the caller hands over. It is completed in place. */
type NewInput = Record<string, unknown>;

/** A request with all its events, in the form that `recordActivity` takes. */
export interface Activity {
  readonly requestLogs: readonly Input[];
  readonly llmCalls: readonly Input[];
  readonly techniqueUsages: readonly Input[];
  readonly errorLogs: readonly Input[];
  readonly generations: readonly Input[];
  readonly metricUsages: readonly Input[];
}

/** Names of the datasets in an activity. */
export type ActivityPart = keyof Activity;

/** Collects the events of one request, and keeps its clock. */
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
 * The agent and the task that a request is for, and the release that answers it. `agentId` and
 * `taskId` are absent if it is not for an agent. `release` is absent before the month's first
 * rollout. `sessionId` is absent if it belongs to no session.
 */
export interface Work {
  readonly agentId?: string | undefined;
  readonly taskId?: string | undefined;
  readonly release?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly tags?: Tags | undefined;
}

export interface RequestOrigin {
  readonly requestId: string;
  readonly service: string;
  readonly environment: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly work: Work;
}

/** Starts to record a request. Each event gets an id, its time and the fields of the request. */
export function recordRequest(random: Random, origin: RequestOrigin): RequestRecorder {
  const { startedAt, requestId, service, environment, work } = origin;
  // In place: copying a few hundred thousand wide objects would dominate the runtime.
  function complete(event: NewInput, time: number): Input {
    event.timestamp = new Date(time).toISOString();
    event.service = service;
    event.environment = environment;
    return event;
  }
  function addLabels(event: NewInput): void {
    event.sessionId = work.sessionId;
    event.tags = work.tags;
  }
  function addWork(event: NewInput): void {
    addLabels(event);
    event.agentId = work.agentId;
    event.taskId = work.taskId;
    event.release = work.release;
  }
  const parts: Record<Exclude<ActivityPart, 'requestLogs'>, Input[]> = {
    llmCalls: [],
    techniqueUsages: [],
    errorLogs: [],
    generations: [],
    metricUsages: [],
  };
  return {
    elapsed: 0,
    totalTokens: 0,
    add(part, event) {
      const time = Math.floor(startedAt + this.elapsed);
      // A generation has a natural key. The usage of a metric belongs to no request.
      if (part !== 'generations') event.id = drawId(random, time);
      if (part !== 'metricUsages') event.requestId = requestId;
      if (part === 'llmCalls') addWork(event);
      if (part === 'errorLogs') addLabels(event);
      parts[part].push(complete(event, time));
    },
    finish(requestLog) {
      requestLog.requestId = requestId;
      addWork(requestLog);
      return { requestLogs: [complete(requestLog, startedAt)], ...parts };
    },
  };
}
