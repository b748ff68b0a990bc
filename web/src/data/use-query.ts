import { type Signal, useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { AskError, ask, type Document } from './ask.ts';
import { comebacks } from './connection.ts';
import { key } from './key.ts';

/** What a panel shows. `empty` is for the page to tell. */
export type QueryState = 'loading' | 'ready' | 'failed' | 'forbidden';

export interface Query<Result> {
  readonly state: QueryState;
  /** The last answer. It stays while the next one is on its way, and if that one fails. */
  readonly data: Result | undefined;
  readonly error: AskError | null;
  /** Whether an answer is on its way. */
  readonly isBusy: boolean;
  readonly refresh: () => void;
  /** Asks again within a second, once for however many calls: for events that may come by the thousand. */
  readonly refreshSoon: () => void;
}

export interface QueryOptions {
  /** Asks again after this time, as long as the page is visible. Default: never. */
  readonly everyMs?: number;
}

interface Outcome<Result> {
  readonly data: Result | undefined;
  readonly error: AskError | null;
  readonly isBusy: boolean;
}

/**
 * Asks the API, and asks again when a signal that `variables` reads has changed. `variables` must read
 * signals only: properties of a component that change need a `key` that changes with them. Null asks
 * nothing.
 */
export function useQuery<Result, Variables>(
  document: Document<Result, Variables>,
  variables: () => Variables | null,
  { everyMs }: QueryOptions = {},
): Query<Result> {
  const outcome = useSignal<Outcome<Result>>({ data: undefined, error: null, isBusy: true });
  const asked = useSignal(0);
  useSignalEffect(() => {
    const input = variables();
    // Asks again when one of these changes.
    void [asked.value, comebacks.value, key.value];
    if (input === null) return;
    const abort = new AbortController();
    outcome.value = { ...outcome.peek(), isBusy: true };
    void answerInto(outcome, ask(document, input, abort.signal), abort.signal);
    return () => abort.abort();
  });
  const refresh = () => {
    asked.value++;
  };
  const refreshSoon = useSoon(refresh);
  useEffect(() => (everyMs === undefined ? undefined : whileVisible(everyMs, refresh)), [everyMs]);
  const { data, error, isBusy } = outcome.value;
  return { state: stateOf(outcome.value), data, error, isBusy, refresh, refreshSoon };
}

const SOON_MS = 1_000;

/** Calls back a second after the first of any number of calls. */
function useSoon(call: () => void): () => void {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return () => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      call();
    }, SOON_MS);
  };
}

async function answerInto<Result>(
  outcome: Signal<Outcome<Result>>,
  answer: Promise<Result>,
  signal: AbortSignal,
): Promise<void> {
  try {
    const data = await answer;
    if (!signal.aborted) outcome.value = { data, error: null, isBusy: false };
  } catch (thrown) {
    if (signal.aborted) return;
    const error = thrown instanceof AskError ? thrown : new AskError(String(thrown), 'INTERNAL');
    outcome.value = { data: outcome.peek().data, error, isBusy: false };
  }
}

function stateOf({ data, error }: Outcome<unknown>): QueryState {
  if (error?.code === 'FORBIDDEN') return 'forbidden';
  // What was shown stays during an outage; the shell says that it is old.
  if (error !== null) return error.code === 'UNREACHABLE' && data !== undefined ? 'ready' : 'failed';
  return data === undefined ? 'loading' : 'ready';
}

/** Calls back every so often while the page is visible, and when it becomes visible after a pause. */
function whileVisible(everyMs: number, call: () => void): () => void {
  let last = Date.now();
  const look = () => {
    if (document.visibilityState !== 'visible' || Date.now() - last < everyMs) return;
    last = Date.now();
    call();
  };
  const timer = setInterval(look, Math.min(everyMs, 1_000));
  document.addEventListener('visibilitychange', look);
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', look);
  };
}
