import { EVENT_FIELDS } from './generated/event-fields.ts';
import type { ActivityInput, RequestLogInput } from './generated/events.ts';

/** A dataset that takes events, for example `llmCalls`. */
export type Dataset = keyof ActivityInput;

/** An event of a dataset, as `recordActivity` of schema.graphql takes it. */
export type EventOf<Name extends Dataset> = NonNullable<ActivityInput[Name]>[number];

/** A request that a service answered. Its id may come from `withContext`; otherwise it gets a new one. */
export type RequestEvent = Omit<RequestLogInput, 'requestId'> & Partial<Pick<RequestLogInput, 'requestId'>>;

/** What several events have in common. An event gets what its dataset has a field for. */
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
  /** Free tags, such as `{ team: 'search' }`. Those of inner contexts and of events are added to them. */
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

/** Of each dataset: the fields that contexts may fill, whether its events have ids, and tags. */
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
 * Completes an event with what the client and the present context know, an id and the time. What the
 * event says itself stays; `null` counts as said.
 */
export function completeEvent(
  dataset: Dataset,
  event: Fields,
  { common, newId, now }: { readonly common: CommonFields; newId(): string; now(): string },
): Record<string, unknown> {
  const traits = TRAITS.get(dataset);
  // Not by a spread: V8 makes what is added to its result a dictionary, three times as slow and large.
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

/** The inner context within the outer one. */
export function mergeContexts<Outer extends EventContext>(outer: Outer, inner: EventContext): Outer {
  const tags = inner.tags === undefined ? outer.tags : { ...outer.tags, ...inner.tags };
  return Object.assign({}, outer, inner, tags && { tags });
}

function mergeTags(common: Readonly<Record<string, string>>, own: unknown): unknown {
  return own === undefined || (typeof own === 'object' && own !== null) ? { ...common, ...own } : own;
}

/** What `error` of the client was given, as an event: what has an `errorType` is one, and no `Error`. */
export function toErrorEvent(given: unknown, more: Partial<EventOf<'errorLogs'>> | undefined): object {
  try {
    if (isErrorLog(given)) return { ...given, ...more };
  } catch {
    // Its getters throw. Recording it rejects it, and says so.
    return given as object;
  }
  return errorEvent(given, more);
}

const isErrorLog = (given: unknown): given is object =>
  typeof given === 'object' && given !== null && !(given instanceof Error) && 'errorType' in given;

/** An event about an error that was thrown, whatever it is. Never throws. */
export function errorEvent(thrown: unknown, more: Partial<EventOf<'errorLogs'>> = {}): EventOf<'errorLogs'> {
  try {
    return { ...describeThrown(thrown), ...more };
  } catch {
    // Its getters, or its text, throw: what they throw may do so again.
    return { errorType: 'Unknown', errorMessage: 'What was thrown cannot be read.', ...more };
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

/** An error, also one of another realm (a frame, `node:vm`), which is no `instanceof Error` here. */
const isErrorLike = (value: unknown): value is { message: string; name?: unknown; stack?: unknown } =>
  typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string';
