import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import type { IsIngest } from '../../graphql/events/ingest-operation.ts';
import type { ClientAddress } from '../client-address.ts';
import type { Refusal } from '../refusal.ts';
import type { ByteBudget, Reservation } from './byte-budget.ts';
import { createRounds, type Rounds } from './rounds.ts';

export interface SocketLimits {
  /** Maximum size of a message, in bytes. */
  readonly messageBytes: number;
  readonly socketsPerAddress: number;
  readonly addressOf: ClientAddress;
  readonly budget: ByteBudget;
  readonly isIngest: IsIngest;
  /** Milliseconds that a message may take. Default: 60,000. */
  readonly messageMs?: number;
}

/** Maximum size of a message that is not ingest, in bytes. */
export const SMALL_MESSAGE_BYTES = 1024 * 1024;
/** The most bytes that a client may send before it is identified. */
const UNKNOWN_BYTES = 16 * 1024;
/** Close codes: the message is too big; try again later. */
const TOO_BIG = 1009;
const TRY_AGAIN_LATER = 1013;
const CLOSE_WITHIN_MS = 2_000;
/**
 * A message that is incomplete after this time is too slow. It may take up to twice as long to be
 * noticed.
 */
const MESSAGE_MS = 60_000;
/** Two bytes, and four for the mask. */
const CONTROL_HEADER_BYTES = 6;

type OpeningRequest = Pick<IncomingMessage, 'headers' | 'socket'>;

/** Counts the WebSockets of each address. */
export interface AddressCounts {
  /** Null if the address may open another socket. */
  check(request: OpeningRequest): Refusal | null;
  /** Counts a socket until it closes. */
  add(request: OpeningRequest, socket: WebSocket): void;
}

export function createAddressCounts(limit: number, addressOf: ClientAddress): AddressCounts {
  const counts = new Map<string, number>();
  return {
    check(request) {
      if ((counts.get(addressOf(request)) ?? 0) < limit) return null;
      return {
        status: 429,
        code: 'RATE_LIMITED',
        message:
          `An IP address may open ${limit} WebSockets (MAX_SOCKETS_PER_ADDRESS). Run several ` +
          'operations over one, or close some.',
      };
    },
    add(request, socket) {
      const address = addressOf(request);
      counts.set(address, (counts.get(address) ?? 0) + 1);
      socket.on('close', () => {
        const left = (counts.get(address) ?? 1) - 1;
        if (left > 0) counts.set(address, left);
        else counts.delete(address);
      });
    },
  };
}

/** The bytes of the messages of a socket, counted as they arrive. */
export interface Incoming {
  /** Hands over the account of the complete message. */
  complete(): Reservation;
}

export interface MeteredSocket {
  readonly socket: WebSocket;
  readonly request: OpeningRequest;
  /** Undefined until `connection_init` has identified the client. */
  readonly caller?: unknown;
}

/** Checks all sockets for messages that arrive too slowly. */
export const createMessageChecks = ({ messageMs = MESSAGE_MS }: Pick<SocketLimits, 'messageMs'>): Rounds =>
  createRounds(messageMs);

/**
 * Counts the bytes of a message as they arrive, because `ws` keeps them until the message is
 * complete. Closes the socket if the budget is exhausted, if a message takes minutes, or if an
 * unidentified client sends too much.
 */
export function meterIncoming(
  metered: MeteredSocket,
  { budget }: Pick<SocketLimits, 'budget'>,
  checks: Rounds,
): Incoming {
  const { socket, request } = metered;
  let incoming = budget.open();
  /** The message in progress at the last check. */
  let before: Reservation | null = null;
  const stop = checks.add(() => {
    if (incoming === before && incoming.held > 0)
      closeSoon(socket, TRY_AGAIN_LATER, 'A message came too slowly');
    before = incoming.held > 0 ? incoming : null;
  });
  // First, so that a message is counted before it is handled.
  request.socket.prependListener('data', (chunk: Buffer) => {
    if (!incoming.take(chunk.length)) closeSoon(socket, TRY_AGAIN_LATER, 'The server is overloaded');
    else if (metered.caller === undefined && incoming.held > UNKNOWN_BYTES)
      closeSoon(socket, TOO_BIG, `connection_init may have at most ${UNKNOWN_BYTES} bytes`);
  });
  // Control frames arrive between messages, or between the parts of one.
  const forget = (data: Buffer): void => incoming.give(data.length + CONTROL_HEADER_BYTES);
  socket.on('ping', forget).on('pong', forget);
  socket.on('close', () => {
    stop();
    incoming.release();
  });
  return {
    complete() {
      const finished = incoming;
      incoming = budget.open();
      return finished;
    },
  };
}

/** Closes a socket whose message is too big for its kind. */
export function closeTooBig(socket: WebSocket): void {
  closeSoon(socket, TOO_BIG, `Only ingest may have more than ${SMALL_MESSAGE_BYTES} bytes`);
}

/**
 * Closes a socket without waiting long for the client to agree, because it may keep sending. A
 * socket that is already closing ends at once.
 */
function closeSoon(socket: WebSocket, code: number, reason: string): void {
  if (socket.readyState !== socket.OPEN) {
    socket.terminate();
    return;
  }
  socket.close(code, reason);
  const timer = setTimeout(() => socket.terminate(), CLOSE_WITHIN_MS);
  socket.once('close', () => clearTimeout(timer));
}
