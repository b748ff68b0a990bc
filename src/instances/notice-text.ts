import { z } from 'zod';
import { NOTICE_BYTES } from '../storage/instance-link.ts';
import type { Arrivals } from '../storage/positions.ts';

/** What one instance announces to the others. */
export type Announcement = EventAnnouncement | TopicAnnouncement;

/** Events of a dataset are committed up to here. `projects` is null if there are many. */
export interface EventAnnouncement {
  readonly dataset: string;
  readonly upTo: Arrivals;
  readonly projects: readonly string[] | null;
}

/** Something was announced on a topic. `projects` is null if there are many. */
export interface TopicAnnouncement {
  readonly topic: string;
  readonly projects: readonly string[] | null;
}

const projects = z.array(z.string()).nullable();
/** Other versions of the server read the same notices, so these names stay. */
const notice = z.object({
  from: z.string(),
  news: z.array(
    z.union([
      z.object({ dataset: z.string(), upTo: z.record(z.string(), z.number()), projects }),
      z.object({ topic: z.string(), projects }),
    ]),
  ),
});

/** More projects are not named. With ids of 64 characters, this many fill half of a notice. */
const MAX_PROJECTS = 50;

/** Writes announcements as few texts, each short enough for a notice. */
export function writeNotices(from: string, announcements: readonly Announcement[]): string[] {
  const texts: string[] = [];
  let items: Announcement[] = [];
  let size = 0;
  const envelope = Buffer.byteLength(JSON.stringify({ from, news: [] }));
  const end = () => {
    if (items.length > 0) texts.push(JSON.stringify({ from, news: items }));
    items = [];
    size = envelope;
  };
  end();
  for (const one of announcements.map(shorten)) {
    const bytes = Buffer.byteLength(JSON.stringify(one)) + 1;
    if (size + bytes > NOTICE_BYTES) end();
    items.push(one);
    size += bytes;
  }
  end();
  return texts;
}

const shorten = <One extends Announcement>(one: One): One =>
  (one.projects?.length ?? 0) > MAX_PROJECTS ? { ...one, projects: null } : one;

/** Null for text that no known version wrote, and for what this instance itself has sent. */
export function readNotice(text: string, self: string): readonly Announcement[] | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const { success, data } = notice.safeParse(value);
  return success && data.from !== self ? data.news : null;
}
