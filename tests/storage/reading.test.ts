import { expect, it } from 'vitest';
import { createReadScopes } from '../../src/storage/reading.ts';

it('knows whether work in a scope is in progress, whether it succeeds or fails, and ignores probes', async () => {
  const scopes = createReadScopes();
  let [end, fail] = [() => {}, (_error: Error) => {}];
  const succeeding = scopes.run({ kind: 'LONG' }, () => new Promise<void>((resolve) => (end = resolve)));
  const failing = scopes.run({}, () => new Promise<void>((_, reject) => (fail = reject)));
  expect(scopes.isReading()).toBe(true);
  end();
  await succeeding;
  expect(scopes.isReading()).toBe(true);
  fail(new Error('no'));
  await expect(failing).rejects.toThrow('no');
  expect(scopes.isReading()).toBe(false);
  void scopes.run({ kind: 'PROBE' }, () => new Promise(() => {}));
  scopes.run({}, () => 'at once');
  expect(scopes.isReading()).toBe(false);
});
