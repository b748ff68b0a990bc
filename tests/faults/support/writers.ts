import { setTimeout as pause } from 'node:timers/promises';
import { post } from '../../support/start-server.ts';
import type { Batch, Ledger } from './ledger.ts';

export interface Writers {
  /**
   * Starts no more batches. Resolves when each batch that has begun is acknowledged or given up.
   */
  stop(how: 'FINISH' | 'GIVE_UP'): Promise<void>;
}

const RECORD = /* GraphQL */ `
  mutation ($input: ActivityInput!) {
    recordActivity(input: $input) { accepted duplicates rejected { message } }
  }
`;
/** Clients wait no longer than this, even if the server says so, so that a test is short. */
const LONGEST_WAIT_MS = 250;
/** A busy machine is not a fault, but the server must not stay silent. */
const PATIENCE_MS = 60_000;

/**
 * Clients that send batches one after the other, each until it is acknowledged, with the same ids.
 */
export function startWriters(url: string, ledger: Ledger, count = 8): Writers {
  let stopping: 'FINISH' | 'GIVE_UP' | null = null;

  async function write(): Promise<void> {
    while (stopping === null) {
      const batch = ledger.next();
      for (let retryAfterMs = await send(url, batch, ledger); retryAfterMs !== null; ) {
        if (stopping === 'GIVE_UP') return;
        await pause(Math.min(retryAfterMs, LONGEST_WAIT_MS));
        retryAfterMs = await send(url, batch, ledger);
      }
    }
  }

  const writing = Promise.all(Array.from({ length: count }, write));
  writing.catch(ledger.failed);
  return {
    async stop(how) {
      stopping = how;
      await writing;
    },
  };
}

/**
 * The message with which a server rejects events when its clock is behind by more than a day. A
 * patient client sends them again.
 */
export const AHEAD = 'more than a day ahead of the server';

const isAhead = ({ message }: { message: string }): boolean =>
  message.startsWith('timestamp must not be more than 24 h in the future');

/**
 * @returns after how many milliseconds to try again; null: it was acknowledged
 * @throws Error for an answer that a client can do nothing with
 */
async function send(url: string, batch: Batch, ledger: Ledger): Promise<number | null> {
  const answer = await ask(url, batch).catch((error) => {
    ledger.refused(causeOf(error));
    return null;
  });
  if (answer === null) return 50;
  const { data, errors } = answer.body;
  if (errors === undefined) {
    const { accepted, duplicates, rejected } = data.recordActivity;
    const events = batch.llmCalls.length + batch.errorLogs.length;
    if (rejected.length === events && rejected.every(isAhead)) {
      ledger.refused(AHEAD);
      return LONGEST_WAIT_MS;
    }
    if (rejected.length > 0 || accepted + duplicates !== events) throw new Error(JSON.stringify(data));
    ledger.acknowledge(batch);
    return null;
  }
  const [{ message, extensions }] = errors;
  const { code, retryAfterMs } = extensions;
  if (retryAfterMs === undefined) throw new Error(JSON.stringify(errors));
  ledger.refused(`${code}: ${message.split('.')[0]}`);
  return retryAfterMs;
}

const ask = (url: string, input: Batch) =>
  post(url, { query: RECORD, variables: { input } }, {}, AbortSignal.timeout(PATIENCE_MS));

/** Node's description of a connection that was refused, cut off or silent. */
function causeOf(error: Error & { cause?: { code?: string } }): string {
  return error.cause?.code ?? error.name;
}
