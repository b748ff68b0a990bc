/** The texts of long answers that wait in memory until their clients read them. */
export interface UnreadAnswers {
  /**
   * The parts of an answer to send. Each part counts until it is taken. Beyond the limit,
   * `breakOff` ends the answer that has waited longest.
   */
  open(parts: Buffer[], breakOff: () => void): UnreadAnswer;
}

export interface UnreadAnswer extends Iterable<Buffer> {
  /** Must be called when the client has the answer, or has disconnected. */
  close(): void;
}

interface Waiting {
  bytes: number;
  breakOff(): void;
}

export function createUnreadAnswers(limit: number): UnreadAnswers {
  const line = new Set<Waiting>();
  let unread = 0;

  function take(waiting: Waiting, bytes: number): void {
    waiting.bytes -= bytes;
    unread -= bytes;
  }

  function close(waiting: Waiting): void {
    if (line.delete(waiting)) take(waiting, waiting.bytes);
  }

  function makeRoom(): void {
    for (const oldest of line) {
      // A single answer may exceed the limit.
      if (unread <= limit || line.size === 1) return;
      close(oldest);
      oldest.breakOff();
    }
  }

  return {
    open(parts, breakOff) {
      const waiting: Waiting = { bytes: parts.reduce((sum, { length }) => sum + length, 0), breakOff };
      unread += waiting.bytes;
      line.add(waiting);
      makeRoom();
      return {
        *[Symbol.iterator]() {
          for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
            if (line.has(waiting)) take(waiting, part.length);
            yield part;
          }
        },
        close: () => close(waiting),
      };
    },
  };
}
