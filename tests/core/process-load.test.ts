import { setTimeout as after } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createProcessLoad } from '../../src/core/process-load.ts';

/** Keeps the event loop from doing anything else. */
function block(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

it('shows what the process uses, and that its event loop is held up', async () => {
  const load = createProcessLoad();
  try {
    expect(load.read().eventLoopDelayMs).toBe(0);
    // Whatever the machine is busy with can only make the delay longer.
    for (let turn = 0; turn < 10; turn++) {
      block(100);
      await after(1);
    }
    const { eventLoopDelayMs, memoryBytes, uptimeSeconds } = load.read();
    expect(eventLoopDelayMs).toBeGreaterThan(50);
    expect(memoryBytes).toBeGreaterThan(1e6);
    expect(uptimeSeconds).toBeGreaterThan(0);
  } finally {
    load.stop();
  }
});
