import { expect, test } from 'vitest';
import { watchReplica } from '../../src/storage/dialect/postgresql/replica.ts';
import type { ReplicaState } from '../../src/storage/replica.ts';

/** The part of a server that is checked: its position in the log. */
function createServer(recovering: boolean) {
  const answer = { position: '0/100', system: '1', recovering };
  const control = { query: async () => ({ rows: [{ ...answer }] }) };
  return { answer, server: { control } as unknown as Parameters<typeof watchReplica>[0]['primary'] };
}

test('a replica with events that a failover lost answers nothing, even when the new primary reaches its position', async () => {
  const [primary, replica] = [createServer(false), createServer(true)];
  let onChange: (state: ReplicaState) => void = () => {};
  const watched = watchReplica(
    { primary: primary.server, server: replica.server },
    { maxLagMs: 60_000, waitMs: 0, pollIntervalMs: 1, onChange: (state) => onChange(state) },
  );
  const next = (work: () => void) =>
    new Promise<ReplicaState>((resolve) => {
      onChange = resolve;
      work();
    });
  try {
    expect(await next(watched.follow)).toMatchObject({ status: 'READY' });
    expect(
      await next(() => {
        replica.answer.position = '0/110';
        primary.answer.position = '0/108';
      }),
    ).toMatchObject({ status: 'UNFIT', behindMs: null, reason: expect.stringContaining('failover') });
    expect(
      await next(() => {
        primary.answer.position = '0/120';
      }),
    ).toMatchObject({ status: 'BEHIND', behindMs: null });
    expect(await watched.behindMsAfter(null)).toBeNull();
  } finally {
    watched.stop();
  }
});
