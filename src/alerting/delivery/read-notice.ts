import { isObject } from '../../core/is-object.ts';
import { damagedValue } from '../../storage/errors.ts';
import type { AlertNotice } from './channels/channel.ts';

/** The payload of a stored delivery. @throws StorageUnavailable if it is not one. */
export function readNotice(payload: unknown): AlertNotice {
  if (isNotice(payload)) return payload;
  throw damagedValue('the payload of a delivery', payload);
}

const isNotice = (payload: unknown): payload is AlertNotice =>
  isObject(payload) &&
  typeof payload['type'] === 'string' &&
  isObject(payload['data']) &&
  typeof payload['data']['severity'] === 'string';
