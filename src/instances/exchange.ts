import { setTimeout as sleep } from 'node:timers/promises';
import { type Announce, elsewhere } from '../live/elsewhere.ts';
import type { Live } from '../live/live.ts';
import type { InstanceLink } from '../storage/instance-link.ts';
import { type Arrivals, later, slotOf } from '../storage/positions.ts';
import { type News, readNotice, writeNotices } from './notice-text.ts';

/** Tells other instances what happens here, and this one what happens there. */
export interface Exchange {
  readonly announce: Announce;
  /** Listens to the others, until it is stopped. */
  start(): void;
  /** Sends what is left, for a second at most. May be called without a start. */
  stop(): Promise<void>;
}

export interface ExchangeOptions {
  /** Null: there are no others. */
  readonly link: InstanceLink | null;
  readonly live: Pick<Live, 'publish'>;
  /** Different for each instance. */
  readonly self: string;
  /** The topic of each dataset, by its name. */
  readonly topics: ReadonlyMap<string, string>;
  /** Told of each topic on which another instance has announced something. */
  readonly onAnnounced: (topic: string) => void;
  /** Told of events of other instances that are committed. */
  readonly onEvents: (dataset: string, upTo: Arrivals) => void;
  /** Called when notices may have been missed. */
  readonly onGap: () => void;
  readonly onProblem: (error: unknown) => void;
}

/** Between two statements that send: what comes meanwhile goes together. */
const GATHER_MS = 10;
const RETRY_MS = 1_000;
const LAST_MS = 1_000;

/** Projects by topic, or by dataset with how far its events are committed. */
interface Pending {
  upTo: Arrivals | null;
  readonly projects: Set<string>;
}

export function createExchange(options: ExchangeOptions): Exchange {
  const { link, live, self, topics } = options;
  const pending = new Map<string, Pending>();
  let sending: Promise<void> | null = null;
  let isStopping = false;
  let listening: { stop(): void } | null = null;
  let fails = false;

  /** A topic is no name of a dataset: it has a dot. */
  function note(name: string, projects: Iterable<string>, upTo: Arrivals | null): void {
    if (link === null) return;
    const known = pending.get(name) ?? { upTo, projects: new Set() };
    pending.set(name, known);
    if (upTo !== null) known.upTo = later(known.upTo ?? {}, upTo);
    for (const projectId of projects) known.projects.add(projectId);
    sending ??= send(link);
  }

  async function send({ notices }: InstanceLink): Promise<void> {
    while (pending.size > 0) {
      const taken = [...pending];
      pending.clear();
      try {
        await notices.send(writeNotices(self, taken.map(toNews)));
        fails = false;
        await sleep(GATHER_MS, undefined, { ref: false });
      } catch (error) {
        // The others look by themselves now and then.
        if (!fails) options.onProblem(error);
        fails = true;
        if (isStopping) break;
        for (const [name, { projects, upTo }] of taken) note(name, projects, upTo);
        await sleep(RETRY_MS, undefined, { ref: false });
      }
    }
    // In one step with the last check: no news falls in between.
    sending = null;
  }

  link?.appends.onCommitted((appended) => {
    for (const { dataset, arrival, projects } of appended)
      note(dataset, projects, { [slotOf(arrival)]: arrival });
  });

  function publish(topic: string, projects: readonly (string | null)[] | null): void {
    live.publish<string | null>(elsewhere(topic), projects ?? [null]);
  }

  function receive(text: string): void {
    for (const news of readNotice(text, self) ?? []) {
      if ('topic' in news) {
        publish(news.topic, news.projects);
        options.onAnnounced(news.topic);
      } else {
        const topic = topics.get(news.dataset);
        if (topic === undefined) continue;
        publish(topic, news.projects);
        options.onEvents(news.dataset, news.upTo);
      }
    }
  }

  function makeGood(): void {
    for (const topic of topics.values()) publish(topic, null);
    options.onGap();
  }

  return {
    announce(topic, projectId) {
      live.publish(topic, [projectId]);
      note(topic, [projectId], null);
    },
    start() {
      listening ??= link?.notices.listen({ onNotice: receive, onConnected: makeGood }) ?? null;
    },
    async stop() {
      isStopping = true;
      listening?.stop();
      await Promise.race([sending, sleep(LAST_MS, undefined, { ref: false })]);
    },
  };
}

function toNews([name, { upTo, projects }]: [string, Pending]): News {
  return upTo === null
    ? { topic: name, projects: [...projects] }
    : { dataset: name, upTo, projects: [...projects] };
}
