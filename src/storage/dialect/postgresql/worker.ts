import { parentPort } from 'node:worker_threads';
import { codeOf } from '../../../core/thrown.ts';
import { StorageUnavailable } from '../../errors.ts';
import { asUnavailable } from '../unavailable.ts';
import { createAppender } from './append.ts';
import type { Envelope, ErrorData, FromThread, OpenRequest } from './protocol.ts';
import { createWriterConnection } from './writer-connection.ts';

/**
 * The code of the thread that writes events. It owns the writer's connection, and does the work
 * that takes processor time: it parses, sorts and encodes the rows and folds them into cells.
 */
const port = parentPort;
if (port === null) throw new Error('This file runs as a worker thread.');
const send = (message: FromThread): void => port.postMessage(message);

let opened: ReturnType<typeof open> | null = null;

function open({ url, tables }: OpenRequest) {
  const onProblem = (error: unknown) => send({ problem: describe(error) });
  const connection = createWriterConnection({ url, onProblem });
  return { append: createAppender(connection, tables), close: connection.close };
}

function describe(error: unknown): ErrorData {
  const unavailable = asUnavailable(error);
  const shown = unavailable ?? error;
  const message = shown instanceof Error ? shown.message : String(shown);
  const stack = error instanceof Error ? error.stack : undefined;
  return { message, code: codeOf(error) ?? undefined, stack, trouble: unavailable?.trouble };
}

async function handle({ request }: Envelope): Promise<unknown> {
  if (request.kind === 'open') {
    opened = open(request);
    return null;
  }
  if (opened === null) throw new StorageUnavailable('The store is closed.');
  if (request.kind === 'append') return opened.append(request);
  const { close } = opened;
  opened = null;
  await close();
  return null;
}

port.on('message', (envelope: Envelope) => {
  const { number } = envelope;
  handle(envelope).then(
    (value) => send({ number, value }),
    (error: unknown) => send({ number, error: describe(error) }),
  );
});
