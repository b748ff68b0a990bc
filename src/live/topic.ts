import type { Condition } from './live.ts';

/** The subscribers of a topic, found by what they require of an event. */
export interface Topic<Event, Subscriber> {
  readonly subscribers: ReadonlySet<Subscriber>;
  add(subscriber: Subscriber, conditions: readonly Condition<Event>[]): void;
  /** @param conditions the conditions with which it was added */
  remove(subscriber: Subscriber, conditions: readonly Condition<Event>[]): void;
  /**
   * Calls `visit` for each subscriber whose conditions the event meets. Subscribers may be added
   * and removed meanwhile. The cost grows with the number of different conditions, not of
   * subscribers.
   */
  match(event: Event, visit: (subscriber: Subscriber) => void): void;
}

/**
 * The subscribers whose conditions lead here, and those with further conditions, by the next one.
 */
interface Node<Event, Subscriber> {
  readonly here: Set<Subscriber>;
  readonly byName: Map<string, Branch<Event, Subscriber>>;
}

interface Branch<Event, Subscriber> {
  readonly condition: Condition<Event>;
  readonly children: Map<unknown, Node<Event, Subscriber>>;
}

export function createTopic<Event, Subscriber>(): Topic<Event, Subscriber> {
  type Here = Node<Event, Subscriber>;
  const createNode = (): Here => ({ here: new Set(), byName: new Map() });
  const isEmpty = ({ here, byName }: Here): boolean => here.size === 0 && byName.size === 0;
  const root = createNode();
  const subscribers = new Set<Subscriber>();

  function add(node: Here, subscriber: Subscriber, [first, ...rest]: readonly Condition<Event>[]): void {
    if (first === undefined) {
      node.here.add(subscriber);
      return;
    }
    const branch = node.byName.get(first.name) ?? { condition: first, children: new Map<unknown, Here>() };
    node.byName.set(first.name, branch);
    for (const value of first.values) {
      const next = branch.children.get(value) ?? createNode();
      branch.children.set(value, next);
      add(next, subscriber, rest);
    }
  }

  function remove(node: Here, subscriber: Subscriber, [first, ...rest]: readonly Condition<Event>[]): void {
    if (first === undefined) {
      node.here.delete(subscriber);
      return;
    }
    const branch = node.byName.get(first.name);
    if (branch === undefined) return;
    for (const value of first.values) {
      const next = branch.children.get(value);
      if (next === undefined) continue;
      remove(next, subscriber, rest);
      if (isEmpty(next)) branch.children.delete(value);
    }
    if (branch.children.size === 0) node.byName.delete(first.name);
  }

  function match(node: Here, event: Event, visit: (subscriber: Subscriber) => void): void {
    for (const subscriber of node.here) visit(subscriber);
    for (const { condition, children } of node.byName.values()) {
      const next = children.get(condition.read(event));
      if (next !== undefined) match(next, event, visit);
    }
  }

  return {
    subscribers,
    add(subscriber, conditions) {
      subscribers.add(subscriber);
      add(root, subscriber, conditions);
    },
    remove(subscriber, conditions) {
      subscribers.delete(subscriber);
      remove(root, subscriber, conditions);
    },
    match: (event, visit) => match(root, event, visit),
  };
}
