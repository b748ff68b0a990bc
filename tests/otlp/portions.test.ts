import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { datasets } from '../../src/declarations/registry.ts';
import { createTelemetryMapper } from '../../src/otlp/mapping/map-request.ts';

const MALFORMED = { bytes: Buffer.from([0xff]), encoding: 'PROTOBUF' } as const;

it('reads nothing of a request before its turn, because others may come at the same time', async () => {
  let begin = () => {};
  const turn = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const mapper = createTelemetryMapper({ pass: () => turn }, datasets);
  let isRead = false;
  const mapped = mapper.map('TRACES', 'default', MALFORMED).catch(() => {
    isRead = true;
  });
  await nextTurn();
  expect(isRead).toBe(false);
  begin();
  await mapped;
  expect(isRead).toBe(true);
});
