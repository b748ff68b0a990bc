import { EVENT_FIELDS } from './generated/event-fields.ts';
import type { ActivityInput, RequestLogInput } from './generated/events.ts';

/** A dataset that takes events, for example `llmCalls`. */
export type Dataset = keyof ActivityInput;

/** An event of a dataset, in the form that `recordActivity` of schema.graphql accepts. */
export type EventOf<Name extends Dataset> = NonNullable<ActivityInput[Name]>[number];

/**
 * A request that a service answered. Its id may come from `withContext`; otherwise it gets a new
 * one.
 */
export type RequestEvent = Omit<RequestLogInput, 'requestId'> & Partial<Pick<RequestLogInput, 'requestId'>>;

/**
 * What several events have in common. An event gets the values for which its dataset has a field.
 */
export interface EventContext {
  /** Identifies the request that the events belong to, across datasets. */
  readonly requestId?: string | undefined;
  /** The conversation or session of an agent that they belong to. */
  readonly sessionId?: string | undefined;
  /** The user on whose behalf the work is done. */
  readonly endUser?: string | undefined;
  /** The agent that does the work, for example "builder". */
  readonly agentId?: string | undefined;
  /** The task that the work is done for, for example "TASK-42". */
  readonly taskId?: string | undefined;
  /** The version of the software: a tag, a number, or the hash of a commit. */
  readonly release?: string | undefined;
  /**
   * Free tags, such as `{ team: 'search' }`. The tags of inner contexts and of events are added to
   * them.
   */
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/** What all events of a client have in common. */
export interface CommonFields extends EventContext {
  readonly service?: string | undefined;
  readonly environment?: string | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

const FIELDS: Readonly<Record<Dataset, readonly string[]>> = EVENT_FIELDS;

export const DATASETS = Object.keys(FIELDS) as readonly Dataset[];

export const isDataset = (name: string): name is Dataset => Object.hasOwn(FIELDS, name);

const SHARED = [
  'service',
  'environment',
  'release',
  'requestId',
  'sessionId',
  'endUser',
  'agentId',
  'taskId',
];

/** For each dataset: the fields that contexts may fill, whether its events have ids, and tags. */
const TRAITS = new Map(
  Object.entries(FIELDS).map(([dataset, fields]) => [
    dataset,
    {
      shared: SHARED.filter((name) => fields.includes(name)),
      hasId: fields.includes('id'),
      hasTags: fields.includes('tags'),
      identifiesRequest: dataset === 'requestLogs',
    },
  ]),
);

/**
 * Completes an event with what the client and the current context know, an id and the time. The
 * event's own values take precedence, including `null`.
 */
export function completeEvent(
  dataset: Dataset,
  event: Fields,
  { common, newId, now }: { readonly common: CommonFields; newId(): string; now(): string },
): Record<string, unknown> {
  const traits = TRAITS.get(dataset);
  // Not a spread: V8 would turn an object with properties added to a spread into a dictionary,
  // three times as slow and large.
  const completed: Record<string, unknown> = Object.assign({}, event);
  const known = common as Fields;
  for (const name of traits?.shared ?? []) {
    if (completed[name] === undefined && known[name] !== undefined) completed[name] = known[name];
  }
  if (traits?.hasTags && common.tags !== undefined) completed['tags'] = mergeTags(common.tags, event['tags']);
  if (traits?.hasId) completed['id'] ??= newId();
  if (traits?.identifiesRequest) completed['requestId'] ??= newId();
  completed['timestamp'] ??= now();
  return completed;
}

/** Merges the inner context into the outer one. */
export function mergeContexts<Outer extends EventContext>(outer: Outer, inner: EventContext): Outer {
  const tags = inner.tags === undefined ? outer.tags : { ...outer.tags, ...inner.tags };
  return Object.assign({}, outer, inner, tags && { tags });
}

function mergeTags(common: Readonly<Record<string, string>>, own: unknown): unknown {
  return own === undefined || (typeof own === 'object' && own !== null) ? { ...common, ...own } : own;
}

/**
 * The argument of the client's `error`, as an event. A value with an `errorType` that is not an
 * `Error` is already one.
 */
export function toErrorEvent(given: unknown, more: Partial<EventOf<'errorLogs'>> | undefined): object {
  try {
    if (isErrorLog(given)) return { ...given, ...more };
  } catch {
    // Its getters throw. Recording then rejects it, and says so.
    return given as object;
  }
  return errorEvent(given, more);
}

const isErrorLog = (given: unknown): given is object =>
  typeof given === 'object' && given !== null && !(given instanceof Error) && 'errorType' in given;

/** An event about a thrown value of any kind. Never throws. */
export function errorEvent(thrown: unknown, more: Partial<EventOf<'errorLogs'>> = {}): EventOf<'errorLogs'> {
  try {
    return { ...describeThrown(thrown), ...more };
  } catch {
    // Its getters or its conversion to text throw. What they throw may throw again.
    return { errorType: 'Unknown', errorMessage: 'The thrown value cannot be read.', ...more };
  }
}

function describeThrown(thrown: unknown): EventOf<'errorLogs'> {
  if (!isErrorLike(thrown)) return { errorType: 'Unknown', errorMessage: String(thrown) };
  const { name, message, stack } = thrown;
  return {
    errorType: typeof name === 'string' && name !== '' ? name : 'Error',
    errorMessage: message,
    ...(typeof stack === 'string' && stack !== '' && { stackTrace: stack }),
  };
}

/**
 * Recognizes an error, also one of another realm (a frame, `node:vm`), which is not an
 * `instanceof Error` here.
 */
const isErrorLike = (value: unknown): value is { message: string; name?: unknown; stack?: unknown } =>
  typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string';
