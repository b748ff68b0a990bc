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
  /**
   * Resolves when there is room for more. If the clients make none within a fifteenth of
   * `stalledMs`, those that have taken nothing for longest are disconnected.
   */
  room(): Promise<void>;
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
  /**
   * A client that takes nothing for so long is disconnected if others wait for room. Default:
   * 15,000.
   */
  readonly stalledMs?: number;
}

/** The share of all that may be held. Beyond it the texts make room. */
const SHARE = 1 / 2;
/**
 * The network takes megabytes at once: of a client that reads 500 KB a second it takes nothing for
 * 8 s.
 */
const STALLED_MS = 15_000;
const CHECKS_PER_STALL = 15;

interface Sent {
  readonly projectId: string;
  bytes: number;
  /** When the client last took something. */
  since: number;
  /** Until when its text waits for room, for all its parts together. Null: it has not had to. */
  waitsUntil: number | null;
  breakOff(): void;
}

export function createUnreadAnswers(options: UnreadOptions): UnreadAnswers {
  const { held, answerBytes, onBrokenOff, stalledMs = STALLED_MS } = options;
  const limit = held.limit * SHARE;
  const checkMs = stalledMs / CHECKS_PER_STALL;
  /** The clients that have taken nothing for longest come first. */
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

  /** Clients that read make room soon. An answer alone may be as long as one may be. */
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
