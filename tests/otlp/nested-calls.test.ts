import { describe, expect, it } from 'vitest';
import { type CountedCall, createNestedCalls } from '../../src/otlp/mapping/spans/nested-calls.ts';

const TRACE = 'a'.repeat(32);
const PROJECT = 'shop';
/** More spans than one generation remembers. */
const MANY = 25_000;

const idOf = (number: number) => number.toString(16).padStart(16, '0');
const spanOf = (number: number, parent = 0, traceId = TRACE) => ({
  ...{ traceId, spanId: idOf(number), parentSpanId: parent === 0 ? '' : idOf(parent) },
});
const callOf = (number: number, traceId = TRACE): CountedCall => ({
  ...{ name: `call ${number}`, projectId: PROJECT, traceId, request: number, index: 0 },
  ...{ sibling: undefined, hasResult: true, isReplaced: false },
});

describe('model calls within each other', () => {
  it('are known by the ids of their spans, within their trace and project', () => {
    const calls = createNestedCalls();
    const call = callOf(2);
    calls.find(PROJECT, spanOf(2, 1)).note(call);
    expect(calls.find(PROJECT, spanOf(1)).within).toBe(call);
    expect(calls.find(PROJECT, spanOf(3, 2)).around).toBe(call);
    expect(calls.find(PROJECT, spanOf(2)).within).toBeUndefined();
    expect(calls.find('blog', spanOf(1)).within).toBeUndefined();
    expect(calls.find(PROJECT, spanOf(1, 0, 'b'.repeat(32))).within).toBeUndefined();
    // A span without a parent encloses nothing.
    calls.find(PROJECT, spanOf(9)).note(callOf(9));
    expect(calls.find(PROJECT, { traceId: TRACE, spanId: '', parentSpanId: '' })).toMatchObject({
      within: undefined,
      around: undefined,
    });
  });

  it('are all known while the server is busy, and forgotten later', () => {
    const calls = createNestedCalls();
    const known = () => {
      let count = 0;
      for (let number = 1; number <= MANY; number++)
        if (calls.find(PROJECT, spanOf(MANY + number, number)).around?.request === number) count++;
      return count;
    };
    for (let number = 1; number <= MANY; number++) calls.find(PROJECT, spanOf(number)).note(callOf(number));
    expect(known()).toBe(MANY);
    for (let number = 2 * MANY; number < 4 * MANY; number++)
      calls.find(PROJECT, spanOf(number)).note(callOf(number));
    expect(known()).toBe(0);
  });
});
