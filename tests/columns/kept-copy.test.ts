import { expect, it } from 'vitest';
import type { Copy } from '../../src/columns/copy.ts';
import { keepCopy } from '../../src/columns/kept-copy.ts';
import type { CopySettings } from '../../src/columns/protocol.ts';

const SETTINGS = { memoryBytes: 512 * 1024 ** 2, threads: 2, patienceMs: 500 };
const FILLING = { ...SETTINGS, memoryBytes: 128 * 1024 ** 2, threads: 1 };

/** Keeps a simulated copy. */
function keep(restMs?: number) {
  const opened: CopySettings[] = [];
  const state = { copied: 0, isFarBehind: false, heldBytes: 0, opens: Promise.resolve() };
  let open = 0;
  const kept = keepCopy(
    SETTINGS,
    async (settings) => {
      expect(open, 'copies of one file at a time').toBe(0);
      open++;
      opened.push(settings);
      await state.opens;
      const close = async () => void open--;
      const [copied, isFarBehind] = [state.copied, state.isFarBehind];
      const heldBytes = async () => state.heldBytes;
      return { copied: () => copied, isFarBehind: () => isFarBehind, heldBytes, close } as Pick<
        Copy,
        'copied' | 'isFarBehind' | 'heldBytes' | 'close'
      > as Copy;
    },
    restMs,
  );
  return { kept, opened, state };
}

it('uses little memory while it is filled, and all of it when it is full', async () => {
  const { kept, opened, state } = keep();
  await kept.renew(true);
  expect(opened).toEqual([SETTINGS]);
  const far = await kept.current();
  Object.assign(far, { isFarBehind: () => true });
  state.isFarBehind = true;
  for (let page = 0; page < 3; page++) await kept.renew(true);
  expect(opened).toEqual([SETTINGS, FILLING]);
  state.isFarBehind = false;
  for (let page = 0; page < 3; page++) await kept.renew(false);
  expect(opened).toEqual([SETTINGS, FILLING, SETTINGS]);
});

it('is reopened after many rows, when nobody uses it', async () => {
  const { kept, opened, state } = keep();
  Object.assign(await kept.current(), { copied: () => 1_000_000 });
  await kept.using(async () => {
    await kept.renew(false);
    expect(opened).toHaveLength(1);
  });
  let open = () => {};
  state.opens = new Promise((resolve) => {
    open = resolve;
  });
  const renewed = kept.renew(false);
  await expect.poll(() => opened.length).toBe(2);
  // A caller that arrives now waits for the new one.
  const next = kept.using(async (copy) => copy);
  open();
  expect((await next).copied()).toBe(0);
  await renewed;
  expect(opened).toEqual([SETTINGS, SETTINGS]);
});

it('releases at rest the memory that answers have left occupied, if that is a lot', async () => {
  const { kept, opened, state } = keep(0);
  await kept.renew(false);
  await kept.using(async () => {});
  state.heldBytes = 1_000_000;
  await kept.renew(false);
  expect(opened).toHaveLength(1);
  state.heldBytes = 400_000_000;
  await kept.using(async () => {
    await kept.renew(false);
    expect(opened).toHaveLength(1);
  });
  await kept.renew(false);
  expect(opened).toHaveLength(2);
  // It holds the same amount again, but nothing has been queried since.
  await kept.renew(false);
  expect(opened).toHaveLength(2);
});

it('has all memory again when it is full, also beside endless questions', async () => {
  const { kept, opened, state } = keep();
  Object.assign(await kept.current(), { isFarBehind: () => true });
  await kept.renew(true);
  let endQuestion = () => {};
  let isAsking = false;
  const question = kept.using(async (copy) => {
    isAsking = true;
    await new Promise<void>((resolve) => {
      endQuestion = resolve;
    });
    return copy;
  });
  await expect.poll(() => isAsking).toBe(true);
  const small = await kept.current();
  state.copied = 7;
  const renewed = kept.renew(false);
  await Promise.resolve();
  // This caller arrives before the other one has ended, and waits for the new copy.
  const next = kept.using(async (copy) => copy);
  endQuestion();
  expect(await question).toBe(small);
  expect((await next).copied()).toBe(7);
  await renewed;
  expect(opened).toEqual([SETTINGS, FILLING, SETTINGS]);
});
