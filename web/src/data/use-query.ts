import { type Signal, useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { AskError, ask, credentials } from './ask.ts';
import { comebacks } from './connection.ts';
import type { Document } from './document.ts';
import { key } from './key.ts';
import { useSoon, whileVisible } from './while-visible.ts';

/** The state of a panel. The page decides about `empty`. */
export type QueryState = 'loading' | 'ready' | 'failed' | 'forbidden';

/** The question in a form that any client can send. */
export interface Question {
  readonly text: string;
  readonly variables: unknown;
}

export interface Query<Result> {
  readonly state: QueryState;
  /**
   * The last answer. It stays while the next one is loading, and if the same question fails later.
   */
  readonly data: Result | undefined;
  readonly error: AskError | null;
  /** Whether an answer is being loaded. */
  readonly isBusy: boolean;
  readonly refresh: () => void;
  /**
   * Asks again within a second, once for any number of calls: for events that may arrive by the
   * thousand.
   */
  readonly refreshSoon: () => void;
  /** The current question. */
  readonly question: () => Question;
}

export interface QueryOptions<Result> {
  /** Asks again after this time, as long as the page is visible. Default: never. */
  readonly everyMs?: number;
  /** Whether an answer is final: after it, nothing is asked automatically. */
  readonly until?: (data: Result) => boolean;
}

interface Outcome<Result> {
  readonly data: Result | undefined;
  readonly error: AskError | null;
  readonly isBusy: boolean;
  /** The question that `data` answers, and who asked it. */
  readonly of: string;
}

/** An answer that takes longer may have been lost, so the question is asked again. */
const PATIENCE_MS = 30_000;

/**
 * Asks the API, and asks again when a signal that `variables` reads has changed. `variables` must
 * read only signals: changing properties of a component need a `key` that changes with them. Null
 * asks nothing.
 */
export function useQuery<Result, Variables>(
  document: Document<Result, Variables>,
  variables: () => Variables | null,
  { everyMs, until }: QueryOptions<Result> = {},
): Query<Result> {
  const outcome = useSignal<Outcome<Result>>({ data: undefined, error: null, isBusy: true, of: '' });
  const asked = useSignal(0);
  const askedAt = useRef(0);
  useSignalEffect(() => {
    const input = variables();
    // Asks again when one of these changes.
    void [asked.value, comebacks.value, key.value];
    if (input === null) {
      outcome.value = { ...outcome.peek(), isBusy: false };
      return;
    }
    const abort = new AbortController();
    const of = JSON.stringify([input, credentials()]);
    askedAt.current = Date.now();
    outcome.value = { ...outcome.peek(), isBusy: true };
    void answerInto(outcome, { of, answer: ask(document, input, abort.signal), signal: abort.signal });
    return () => abort.abort();
  });
  // Asking again abandons the answer being loaded. A slow question would never get one.
  const isWaiting = () => outcome.peek().isBusy && Date.now() - askedAt.current < PATIENCE_MS;
  const refresh = () => {
    asked.value++;
  };
  const refreshSoon = useSoon(refresh, isWaiting);
  const { data, error, isBusy } = outcome.value;
  const isLast = data !== undefined && until?.(data) === true;
  useEffect(() => {
    if (everyMs === undefined || isLast) return;
    return whileVisible(everyMs, () => {
      if (!isWaiting()) refresh();
    });
  }, [everyMs, isLast]);
  const question = () => ({ text: String(document), variables: variables() });
  return { state: stateOf(outcome.value), data, error, isBusy, refresh, refreshSoon, question };
}

interface Asked<Result> {
  readonly of: string;
  readonly answer: Promise<Result>;
  readonly signal: AbortSignal;
}

async function answerInto<Result>(
  outcome: Signal<Outcome<Result>>,
  { of, answer, signal }: Asked<Result>,
): Promise<void> {
  try {
    const data = await answer;
    if (!signal.aborted) outcome.value = { data, error: null, isBusy: false, of };
  } catch (thrown) {
    if (signal.aborted) return;
    const error = thrown instanceof AskError ? thrown : new AskError(String(thrown), 'INTERNAL');
    const before = outcome.peek();
    // If the server rejects a question, the answer to another one is no substitute.
    const data = before.of === of || error.code === 'UNREACHABLE' ? before.data : undefined;
    outcome.value = { ...before, data, error, isBusy: false };
  }
}

function stateOf({ data, error }: Outcome<unknown>): QueryState {
  if (error?.code === 'FORBIDDEN') return 'forbidden';
  // The last answer stays during an outage; the shell says that it is old.
  if (error !== null) return error.code === 'UNREACHABLE' && data !== undefined ? 'ready' : 'failed';
  return data === undefined ? 'loading' : 'ready';
}
