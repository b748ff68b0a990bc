import type { HeldBytes } from '../../core/held-bytes.ts';
import { answerTooLong } from '../json-text.ts';

/** The texts of long answers, which are in memory until their clients take them. */
export interface UnreadAnswers {
  /** @param breakOff ends the connection of an answer whose client does not take it */
  open(projectId: string, breakOff: () => void): UnreadAnswer;
  /** The most bytes of one text. */
  readonly answerBytes: number;
}

/** The text of one answer. All of it counts until the client takes it. */
export interface UnreadAnswer {
  /** @throws TelltaleError QUERY_TOO_COMPLEX if the text is longer than one may be */
  add(text: string): void;
  /** The text is whole, and the client is expected to take it. Returns its parts, once. */
  send(): Buffer[];
  /** The client has taken so many bytes. */
  taken(bytes: number): void;
  /** Call it when the client has the answer, or is gone. */
  close(): void;
}

/** An answer that was broken off. */
export interface BrokenAnswer {
  readonly projectId: string;
  readonly unreadBytes: number;
  /** How long the client had taken nothing. */
  readonly stalledMs: number;
}

export interface UnreadOptions {
  readonly held: HeldBytes;
  /** The most bytes of one text. */
  readonly answerBytes: number;
  readonly onBrokenOff: (answer: BrokenAnswer) => void;
  /** A client that takes nothing for so long is disconnected if others wait for room. Default: 5,000. */
  readonly stalledMs?: number;
}

/** The share of all that may be held. Beyond it the texts make room at once. */
const SHARE = 1 / 2;
const STALLED_MS = 5_000;
const CHECKS_PER_STALL = 5;

interface Sent {
  readonly projectId: string;
  bytes: number;
  /** When the client last took something. */
  since: number;
  breakOff(): void;
}

export function createUnreadAnswers(options: UnreadOptions): UnreadAnswers {
  const { held, answerBytes, onBrokenOff, stalledMs = STALLED_MS } = options;
  const limit = held.limit * SHARE;
  /** The clients that have taken nothing for longest come first. */
  const sent = new Set<Sent>();
  let unread = 0;
  let timer: NodeJS.Timeout | undefined;

  function count(answer: Sent, bytes: number): void {
    answer.bytes += bytes;
    unread += bytes;
    held.add(answer.projectId, bytes);
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

  /** An answer alone may be as long as one may be. */
  function makeRoom(wanting: Sent): void {
    for (const oldest of sent) {
      if (unread <= limit || oldest === wanting) return;
      breakOff(oldest, performance.now());
      count(oldest, -oldest.bytes);
    }
  }

  /** Of those whose bytes others wait for, the one that has stalled longest makes room. */
  function breakOffStalled(): void {
    const now = performance.now();
    for (const answer of sent) {
      if (now - answer.since < stalledMs) return;
      if (!held.isWanted(answer.projectId)) continue;
      breakOff(answer, now);
      return;
    }
  }

  return {
    answerBytes,
    open(projectId, breakOffConnection) {
      const parts: Buffer[] = [];
      const answer: Sent = { projectId, bytes: 0, since: 0, breakOff: breakOffConnection };
      let isOpen = true;
      return {
        add(text) {
          const part = Buffer.from(text);
          if (answer.bytes + part.length > answerBytes) throw answerTooLong(answerBytes);
          parts.push(part);
          count(answer, part.length);
          makeRoom(answer);
        },
        send() {
          answer.since = performance.now();
          sent.add(answer);
          timer ??= setInterval(breakOffStalled, stalledMs / CHECKS_PER_STALL).unref();
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
