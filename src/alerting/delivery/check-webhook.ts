import { InvalidArgument } from '../../core/errors.ts';
import { isTimeZone } from '../../core/time/zone.ts';
import { ALERT_TYPES } from '../../declarations/alerts/alert-enums.ts';
import { canGroup } from './channels/channel.ts';
import { channelOf } from './channels/channels.ts';
import { groupWaitMs } from './group-deliveries.ts';

/**
 * Rejects a selection that would match no alerts. Checks only the given fields.
 *
 * @throws InvalidArgument at `input.types`, `input.labels` or `input.quietTimeZone`.
 */
export function checkAudience({
  types = [],
  labels,
  quietTimeZone,
}: Readonly<Record<string, unknown>>): void {
  checkLabels(labels ?? {});
  if (quietTimeZone !== undefined && !isTimeZone(String(quietTimeZone))) {
    const wanted = 'a time zone such as "Europe/Berlin" or "+05:30"';
    throw new InvalidArgument(`quietTimeZone must be ${wanted}.`, 'input.quietTimeZone');
  }
  const stranger = (types as readonly string[]).find((type) => !Object.hasOwn(ALERT_TYPES, type));
  if (stranger === undefined) return;
  const known = Object.keys(ALERT_TYPES).join(', ');
  throw new InvalidArgument(`types must contain only ${known}, not "${stranger}".`, 'input.types');
}

function checkLabels(labels: object): void {
  const whole = Object.entries(labels).find(([, value]) => typeof value === 'object' && value !== null);
  if (whole === undefined) return;
  throw new InvalidArgument(
    `labels must be text, numbers, booleans or null; "${whole[0]}" is not.`,
    'input.labels',
  );
}

/**
 * @throws InvalidArgument at `input.quietUntil` unless both ends are given and differ, or neither
 *   is given.
 */
export function checkQuietHours({ quietFrom, quietUntil }: Readonly<Record<string, unknown>>): void {
  if (quietFrom === null && quietUntil === null) return;
  if (quietFrom !== null && quietUntil !== null && quietFrom !== quietUntil) return;
  throw new InvalidArgument(
    'quietFrom and quietUntil must be two different times of day, or both be omitted.',
    'input.quietUntil',
  );
}

/** @throws InvalidArgument at `input.groupWait` if the kind cannot group alerts. */
export function checkGroupWait({
  kind,
  groupWait,
}: {
  readonly kind: string;
  readonly groupWait: string | null;
}): void {
  if (groupWaitMs(groupWait) === 0 || canGroup(channelOf(kind))) return;
  throw new InvalidArgument(
    `groupWait must be omitted or null for ${kind}: programs read these messages, so each alert is ` +
      'sent separately.',
    'input.groupWait',
  );
}
