import { expect, it } from 'vitest';
import { readNotice } from '../../../src/alerting/delivery/read-notice.ts';

it('returns the payload of a delivery as it is stored', () => {
  const payload = { type: 'alert.raised', data: { severity: 'WARNING', more: 1 } };
  expect(readNotice(payload)).toBe(payload);
});

it.each([null, 'text', {}, { type: 'alert.raised' }, { type: 'alert.raised', data: {} }])(
  'refuses %j, which no server has stored',
  (payload) => {
    expect(() => readNotice(payload)).toThrow(expect.objectContaining({ trouble: 'DAMAGED' }));
  },
);
