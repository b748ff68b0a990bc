import { setTimeout as after } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createProcessLoad } from '../../src/runtime/process-load.ts';

/** Blocks the event loop. */
function block(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

async function holdUp(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) {
    block(100);
    await after(1);
  }
}

it('does not count delays of the loop while the process starts', async () => {
  const load = createProcessLoad();
  try {
    await holdUp();
    expect(load.read().eventLoopDelayMs).toBe(0);
  } finally {
    load.stop();
  }
});

it('shows the load of the process, and the delay of its event loop', async () => {
  const load = createProcessLoad({ warmUpMs: 1 });
  try {
    expect(load.read().eventLoopDelayMs).toBe(0);
    // Other work of the machine can only make the delay longer.
    await holdUp();
    const { eventLoopDelayMs, memoryBytes, uptimeSeconds } = load.read();
    expect(eventLoopDelayMs).toBeGreaterThan(50);
    expect(memoryBytes).toBeGreaterThan(1e6);
    expect(uptimeSeconds).toBeGreaterThan(0);
    // `npm start` first installs in the same process.
    expect(uptimeSeconds).toBeLessThan(process.uptime());
  } finally {
    load.stop();
  }
});
