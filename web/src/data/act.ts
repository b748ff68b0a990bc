import { useSignal } from '@preact/signals';
import { AskError, ask } from './ask.ts';
import type { Document } from './document.ts';

export interface Action<Variables, Result> {
  /** Sends the mutation. Resolves with null if it was rejected; `error` then says why. */
  readonly run: (variables: Variables) => Promise<Result | null>;
  readonly isBusy: boolean;
  readonly error: AskError | null;
}

/** A mutation that a page offers. */
export function useAction<Result, Variables>(
  document: Document<Result, Variables>,
): Action<Variables, Result> {
  const isBusy = useSignal(false);
  const error = useSignal<AskError | null>(null);
  async function run(variables: Variables): Promise<Result | null> {
    isBusy.value = true;
    error.value = null;
    try {
      return await ask(document, variables);
    } catch (thrown) {
      error.value = thrown instanceof AskError ? thrown : new AskError(String(thrown), 'INTERNAL');
      return null;
    } finally {
      isBusy.value = false;
    }
  }
  return { run, isBusy: isBusy.value, error: error.value };
}
