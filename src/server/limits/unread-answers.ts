import type { HeldBytes } from '../../core/held-bytes.ts';
import { answerTooLong } from '../json-text.ts';

/** The texts of long answers, which stay in memory until their clients take them. */
export interface UnreadAnswers {
  /** @param breakOff ends the connection of an answer whose client does not take it */
  open(projectId: string, breakOff: () => void): UnreadAnswer;
  /** The maximum length of one text, in bytes. */
  readonly answerBytes: number;
}

/** The text of one answer. It counts in full until the client takes it. */
export interface UnreadAnswer {
  /** @throws TelltaleError QUERY_TOO_COMPLEX if the text is longer than one may be */
  add(text: string): void;
  /**
   * Resolves when there is room for more. If the clients make none within a fifteenth of
   * `stalledMs`, those that have taken nothing for longest are disconnected.
   */
  room(): Promise<void>;
  /** Call it when the text is complete and the client is to take it. Returns its parts, once. */
  send(): Buffer[];
  /** Call it when the client has taken this many bytes. */
  taken(bytes: number): void;
  /** Call it when the client has the answer or has disconnected. */
  close(): void;
}

/** An answer whose client was disconnected. */
export interface BrokenAnswer {
  readonly projectId: string;
  readonly unreadBytes: number;
  /** How long the client has taken nothing. */
  readonly stalledMs: number;
}

export interface UnreadOptions {
  readonly held: HeldBytes;
  /** The maximum length of one text, in bytes. */
  readonly answerBytes: number;
  readonly onBrokenOff: (answer: BrokenAnswer) => void;
  /**
   * A client that takes nothing for this long is disconnected if others wait for room. Default:
   * 15,000.
   */
  readonly stalledMs?: number;
}

/** The share of the budget for texts. Beyond it, clients that stall are disconnected. */
const SHARE = 1 / 2;
/**
 * Networks buffer megabytes: the server sees nothing for 8 s from a client that reads 500 KB per
 * second.
 */
const STALLED_MS = 15_000;
const CHECKS_PER_STALL = 15;

interface Sent {
  readonly projectId: string;
  bytes: number;
  /** When the client last took something. */
  since: number;
  /** The time until which the text waits for room, for all its parts. Null: it has not waited. */
  waitsUntil: number | null;
  breakOff(): void;
}

export function createUnreadAnswers(options: UnreadOptions): UnreadAnswers {
  const { held, answerBytes, onBrokenOff, stalledMs = STALLED_MS } = options;
  const limit = held.limit * SHARE;
  const checkMs = stalledMs / CHECKS_PER_STALL;
  /** In the order of their last progress: the client that has stalled longest comes first. */
  const sent = new Set<Sent>();
  const waiting = new Set<() => void>();
  let unread = 0;
  let timer: NodeJS.Timeout | undefined;

  function count(answer: Sent, bytes: number): void {
    answer.bytes += bytes;
    unread += bytes;
    held.add(answer.projectId, bytes);
    if (unread <= limit) for (const goOn of waiting) goOn();
  }

  function forget(answer: Sent): void {
    sent.delete(answer);
    if (sent.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  }

  function breakOff(answer: Sent, now: number): void {
    const { projectId, bytes, since } = answer;
    forget(answer);
    onBrokenOff({ projectId, unreadBytes: bytes, stalledMs: Math.round(now - since) });
    answer.breakOff();
  }

  /** Clients that read soon make room. A single answer may have the maximum length. */
  async function makeRoom(wanting: Sent): Promise<void> {
    if (unread <= limit || sent.size === 0) return;
    const now = performance.now();
    wanting.waitsUntil ??= now + checkMs;
    if (wanting.waitsUntil > now) await waitForRoom(wanting.waitsUntil - now);
    for (const oldest of sent) {
      if (unread <= limit) return;
      breakOff(oldest, performance.now());
      count(oldest, -oldest.bytes);
    }
  }

  function waitForRoom(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const goOn = () => {
        clearTimeout(late);
        waiting.delete(goOn);
        resolve();
      };
      const late = setTimeout(goOn, milliseconds);
      waiting.add(goOn);
    });
  }

  /** Disconnects the client that has stalled longest, of those whose bytes others wait for. */
  function breakOffStalled(): void {
    const now = performance.now();
    const [oldest] = sent;
    if (oldest === undefined || now - oldest.since < stalledMs) return;
    const isWanted = held.findWanted();
    for (const answer of sent) {
      if (now - answer.since < stalledMs) return;
      if (!isWanted(answer.projectId)) continue;
      breakOff(answer, now);
      return;
    }
  }

  return {
    answerBytes,
    open(projectId, breakOffConnection) {
      const parts: Buffer[] = [];
      const answer: Sent = { projectId, bytes: 0, since: 0, waitsUntil: null, breakOff: breakOffConnection };
      let isOpen = true;
      return {
        add(text) {
          const part = Buffer.from(text);
          if (answer.bytes + part.length > answerBytes) throw answerTooLong(answerBytes);
          parts.push(part);
          count(answer, part.length);
        },
        room: () => makeRoom(answer),
        send() {
          answer.since = performance.now();
          sent.add(answer);
          timer ??= setInterval(breakOffStalled, checkMs).unref();
          return parts.splice(0);
        },
        taken(bytes) {
          if (!sent.delete(answer)) return;
          answer.since = performance.now();
          sent.add(answer);
          count(answer, -bytes);
        },
        close() {
          if (!isOpen) return;
          isOpen = false;
          forget(answer);
          count(answer, -answer.bytes);
        },
      };
    },
  };
}
