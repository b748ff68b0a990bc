import type { Row } from '../core/dataset/row.ts';
import type { Delivery } from '../live/live.ts';

/** An event that a tail delivers. */
export interface TailDelivery extends Delivery<Row> {
  /** Everything up to here was delivered. Some later events may have been, too. */
  readonly position?: string;
}
