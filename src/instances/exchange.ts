import { type Announce, elsewhere } from '../live/elsewhere.ts';
import type { Live } from '../live/live.ts';
import type { InstanceLink, NoticeListener } from '../storage/instance-link.ts';
import { type Arrivals, slotOf } from '../storage/positions.ts';
import { readNotice } from './notice-text.ts';
import { createOutbox } from './outbox.ts';

/** Exchanges notices with other instances. */
export interface Exchange {
  readonly announce: Announce;
  /** Listens to other instances, until it is stopped. */
  start(): void;
  /** Sends what is left, for at most a second. May be called without `start`. */
  stop(): Promise<void>;
}

export interface ExchangeOptions {
  /** Null if there are no other instances. */
  readonly link: InstanceLink | null;
  readonly live: Pick<Live, 'publish'>;
  /** Different for each instance. */
  readonly self: string;
  /** The topic of each dataset, by dataset name. */
  readonly topics: ReadonlyMap<string, string>;
  /** Called with each topic on which another instance has announced something. */
  readonly onAnnounced: (topic: string) => void;
  /** Called when events of other instances are committed. */
  readonly onEvents: (dataset: string, upTo: Arrivals) => void;
  /** Called when notices may have been missed. */
  readonly onGap: () => void;
  readonly onProblem: (error: unknown) => void;
}

export function createExchange(options: ExchangeOptions): Exchange {
  const { link, live, self, onProblem } = options;
  const outbox = link && createOutbox({ notices: link.notices, self, onProblem });
  const listener = createListener(options);
  let listening: { stop(): void } | null = null;

  link?.appends.onCommitted((appended) => {
    for (const { dataset, arrival, projects } of appended)
      outbox?.note(dataset, projects, { [slotOf(arrival)]: arrival });
  });

  return {
    announce(topic, projectId) {
      live.publish(topic, [projectId]);
      outbox?.note(topic, [projectId], null);
    },
    start() {
      listening ??= link?.notices.listen(listener) ?? null;
    },
    async stop() {
      listening?.stop();
      await outbox?.stop();
    },
  };
}

/** Publishes on this instance what others announce. */
function createListener(options: ExchangeOptions): NoticeListener {
  const { live, self, topics } = options;

  function publish(topic: string, projects: readonly (string | null)[] | null): void {
    live.publish<string | null>(elsewhere(topic), projects ?? [null]);
  }

  return {
    onNotice(text) {
      for (const announcement of readNotice(text, self) ?? []) {
        if ('topic' in announcement) {
          publish(announcement.topic, announcement.projects);
          options.onAnnounced(announcement.topic);
        } else {
          const topic = topics.get(announcement.dataset);
          if (topic === undefined) continue;
          publish(topic, announcement.projects);
          options.onEvents(announcement.dataset, announcement.upTo);
        }
      }
    },
    onConnected() {
      for (const topic of topics.values()) publish(topic, null);
      options.onGap();
    },
  };
}
