/**
 * The order in which the events of one alert happen. It follows from the states of an alert and
 * needs no clock: an alert is raised first, an acknowledged alert sends no reminders, and nothing
 * follows its resolution. A test is about an alert of its own.
 */
export const EVENT_ORDER: readonly string[] = ['TEST', 'RAISED', 'REMINDED', 'ACKNOWLEDGED', 'RESOLVED'];

/** What determines the position of a delivery among those of its alert. */
export interface Ordered {
  readonly event: string;
  readonly messageId: string;
}

/** Negative: `one` happened before `other`. Message ids ascend, so they order reminders. */
export function byEvent(one: Ordered, other: Ordered): number {
  const apart = EVENT_ORDER.indexOf(one.event) - EVENT_ORDER.indexOf(other.event);
  if (apart !== 0 || one.messageId === other.messageId) return apart;
  return one.messageId < other.messageId ? -1 : 1;
}
