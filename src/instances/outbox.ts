import { setTimeout as sleep } from 'node:timers/promises';
import type { Notices } from '../storage/instance-link.ts';
import { type Arrivals, later } from '../storage/positions.ts';
import { type Announcement, writeNotices } from './notice-text.ts';

/** Sends announcements to the other instances, in few notices. */
export interface Outbox {
  /**
   * Records an announcement to be sent soon.
   *
   * @param name of a topic or a dataset. Topics contain a dot, so they differ from datasets.
   * @param upTo how far the events of the dataset are committed; null for a topic
   */
  note(name: string, projects: Iterable<string>, upTo: Arrivals | null): void;
  /** Sends what is left, for at most a second. */
  stop(): Promise<void>;
}

export interface OutboxOptions {
  readonly notices: Pick<Notices, 'send'>;
  /** Different for each instance. */
  readonly self: string;
  readonly onProblem: (error: unknown) => void;
}

/** The time between two statements that send. What arrives meanwhile is sent together. */
const GATHER_MS = 10;
const RETRY_MS = 1_000;
const LAST_MS = 1_000;

/** Projects by topic, or by dataset with how far its events are committed. */
interface Pending {
  upTo: Arrivals | null;
  readonly projects: Set<string>;
}

export function createOutbox({ notices, self, onProblem }: OutboxOptions): Outbox {
  const pending = new Map<string, Pending>();
  let sending: Promise<void> | null = null;
  let isStopping = false;
  let fails = false;

  function note(name: string, projects: Iterable<string>, upTo: Arrivals | null): void {
    const known = pending.get(name) ?? { upTo, projects: new Set() };
    pending.set(name, known);
    if (upTo !== null) known.upTo = later(known.upTo ?? {}, upTo);
    for (const projectId of projects) known.projects.add(projectId);
    sending ??= send();
  }

  async function send(): Promise<void> {
    while (pending.size > 0) {
      const taken = [...pending];
      pending.clear();
      try {
        await notices.send(writeNotices(self, taken.map(toAnnouncement)));
        fails = false;
        await sleep(GATHER_MS, undefined, { ref: false });
      } catch (error) {
        // The other instances check periodically themselves.
        if (!fails) onProblem(error);
        fails = true;
        if (isStopping) break;
        for (const [name, { projects, upTo }] of taken) note(name, projects, upTo);
        await sleep(RETRY_MS, undefined, { ref: false });
      }
    }
    // In the same step as the last check, so that no announcement falls in between.
    sending = null;
  }

  return {
    note,
    async stop() {
      isStopping = true;
      await Promise.race([sending, sleep(LAST_MS, undefined, { ref: false })]);
    },
  };
}

function toAnnouncement([name, { upTo, projects }]: [string, Pending]): Announcement {
  return upTo === null
    ? { topic: name, projects: [...projects] }
    : { dataset: name, upTo, projects: [...projects] };
}
