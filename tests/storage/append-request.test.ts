import { expect, test } from 'vitest';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { createAppendRequests } from '../../src/storage/dialect/append-request.ts';
import { callGroup, callRow } from './support/calls.ts';

test('requests are made in the order of the calls, however long one waits for its turn', async () => {
  const turns: (() => void)[] = [];
  const toRequest = createAppendRequests([llmCalls], () => new Promise((resolve) => turns.push(resolve)));
  const made: number[] = [];
  const make = async (...groups: Parameters<typeof toRequest>[0]) =>
    void made.push((await toRequest(groups)).groups.length);
  const both = Promise.all([make(callGroup(callRow()), callGroup(callRow())), make(callGroup(callRow()))]);
  // The newest turn comes first.
  while (made.length < 2) {
    turns.pop()?.();
    await new Promise(setImmediate);
  }
  await both;
  expect(made).toEqual([2, 1]);
});
