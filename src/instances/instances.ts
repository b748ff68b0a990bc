import type { Dataset } from '../core/dataset/dataset.ts';
import type { Announce } from '../live/elsewhere.ts';
import type { Live } from '../live/live.ts';
import type { Store } from '../storage/store.ts';
import { createExchange } from './exchange.ts';
import { createTails, type Tails } from './tails.ts';

/** The instances that share the database, as seen by this one. On SQLite it is alone. */
export interface Instances {
  /** New events from all instances. */
  readonly tails: Pick<Tails, 'open' | 'poll'>;
  /** Publishes on this instance and, on `elsewhere`, on the others. */
  readonly announce: Announce;
  /**
   * Runs the reaction whenever another instance announces something on a topic, and when
   * announcements may have been lost.
   */
  react(topic: string, reaction: () => Promise<void>): void;
  /** A function that does the work and then announces it. */
  announcing(topic: string, work: () => Promise<void>): () => Promise<void>;
  /** Listens to other instances, until it is stopped. */
  start(): void;
  /** Sends remaining notices. May be called repeatedly, and without `start`. */
  stop(): Promise<void>;
}

export interface InstancesOptions {
  readonly store: Pick<Store, 'query' | 'functions' | 'instances'>;
  readonly live: Live;
  readonly datasets: readonly Dataset[];
  /** Different for each instance. */
  readonly self: string;
  /** See `TailsOptions`. */
  readonly settled: () => Promise<void>;
  readonly onProblem: (error: unknown) => void;
}

/** Stands for all projects if an announcement is not about a particular one. */
const NO_PROJECT = '';

export function createInstances(options: InstancesOptions): Instances {
  const { store, live, datasets, self, onProblem } = options;
  const tails = createTails(options);
  const reactions = new Map<string, () => Promise<void>>();
  const react = (topic: string) => void reactions.get(topic)?.().catch(onProblem);
  const exchange = createExchange({
    ...{ link: store.instances, live, self, onProblem },
    topics: new Map(datasets.map(({ name, topic }) => [name, topic])),
    onEvents: tails.notice,
    onAnnounced: react,
    onGap() {
      for (const topic of reactions.keys()) react(topic);
      void tails.poll();
    },
  });
  return {
    tails,
    announce: exchange.announce,
    react: (topic, reaction) => void reactions.set(topic, reaction),
    announcing: (topic, work) => async () => {
      await work();
      exchange.announce(topic, NO_PROJECT);
    },
    start: exchange.start,
    async stop() {
      tails.stop();
      await exchange.stop();
    },
  };
}
