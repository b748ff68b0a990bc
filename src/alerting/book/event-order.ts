/**
 * The order in which the events of one alert happen, whatever the clocks of instances say: an alert
 * is raised first, nobody is reminded of it once it is acknowledged, and nothing follows when it is
 * resolved. A test has an alert of its own.
 */
export const EVENT_ORDER: readonly string[] = ['TEST', 'RAISED', 'REMINDED', 'ACKNOWLEDGED', 'RESOLVED'];

/** A delivery as far as its place among those of its alert matters. */
export interface Ordered {
  readonly event: string;
  readonly messageId: string;
}

/** Negative: one happened before the other. Ids of messages ascend: they order reminders. */
export function byEvent(one: Ordered, other: Ordered): number {
  const apart = EVENT_ORDER.indexOf(one.event) - EVENT_ORDER.indexOf(other.event);
  if (apart !== 0 || one.messageId === other.messageId) return apart;
  return one.messageId < other.messageId ? -1 : 1;
}
