import { describe, expect, it } from 'vitest';
import { createPartlySent } from '../../../src/alerting/delivery/partly-sent.ts';

const TEAM = ['ana', 'bo'];
const [one, two] = [{ messageId: 'msg_1' }, { messageId: 'msg_2' }];

describe('an e-mail that was partly sent', () => {
  it('is still missing at the other addresses, until it is forgotten', () => {
    const sent = createPartlySent();
    expect(sent.missing(TEAM, [one])).toEqual(TEAM);
    sent.add(['ana'], [one]);
    expect(sent.missing(TEAM, [one])).toEqual(['bo']);
    expect(sent.missing(TEAM, [two])).toEqual(TEAM);
    sent.forget([one]);
    expect(sent.missing(TEAM, [one])).toEqual(TEAM);
  });

  it('is still missing at each address that has not received all alerts of its group', () => {
    const sent = createPartlySent();
    sent.add(['ana'], [one]);
    expect(sent.missing(TEAM, [one, two])).toEqual(TEAM);
    sent.add(['ana'], [two]);
    expect(sent.missing(TEAM, [one, two])).toEqual(['bo']);
  });

  it('goes to all addresses if they were changed to some that already have it', () => {
    const sent = createPartlySent();
    sent.add(['ana'], [one]);
    expect(sent.missing(['ana'], [one])).toEqual(['ana']);
  });

  it('is forgotten after a thousand others', () => {
    const sent = createPartlySent();
    sent.add(['ana'], [one]);
    for (let index = 0; index < 999; index++) sent.add(['ana'], [{ messageId: `other_${index}` }]);
    expect(sent.missing(TEAM, [one])).toEqual(['bo']);
    sent.add(['ana'], [two]);
    expect(sent.missing(TEAM, [one])).toEqual(TEAM);
    expect(sent.missing(TEAM, [two])).toEqual(['bo']);
  });
});
