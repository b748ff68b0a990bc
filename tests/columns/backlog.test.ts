import { expect, it } from 'vitest';
import { createBacklog } from '../../src/columns/backlog.ts';
import type { CopiedTable } from '../../src/columns/copied-table.ts';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';

const table = { dataset: llmCalls } as unknown as CopiedTable;

it('reports what the last look found, not what was left after it', () => {
  const backlog = createBacklog();
  backlog.note(table, { lacked: 30_000, left: 0 });
  expect(backlog.lag.get('llmCalls')).toBe(30_000);
  expect(backlog.isFarBehind).toBe(false);
  backlog.note(table, { lacked: 68_192, left: 60_000 });
  expect([backlog.lag.get('llmCalls'), backlog.of(table)]).toEqual([68_192, 60_000]);
  backlog.note(table, { lacked: 0, left: 0 });
  expect([backlog.lag.get('llmCalls'), backlog.of(table)]).toEqual([0, undefined]);
});
