import { describe, expect, it } from 'vitest';
import { createHttpTarget, serverAnswers } from '../../../src/commands/import/http-target.ts';
import { llmCalls } from '../../../src/declarations/llm/llm-calls.ts';

const URL = 'http://127.0.0.1:4000/graphql';
const OUTCOME = { accepted: 1, duplicates: 0, rejected: [] };
const refused = new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } });

/** Gives the answers one after the other, and throws an answer that is an Error. */
function createFetch(...answers: (unknown | Error)[]) {
  const bodies: { query: string; variables: unknown }[] = [];
  const post = (async (_: string, init: RequestInit) => {
    bodies.push(JSON.parse(init.body as string));
    const answer = answers[bodies.length - 1];
    if (answer instanceof Error) throw answer;
    return new Response(typeof answer === 'string' ? answer : JSON.stringify(answer));
  }) as typeof fetch;
  const pauses: number[] = [];
  const sleep = async (milliseconds: number) => pauses.push(milliseconds);
  return { options: { fetch: post, sleep }, bodies, pauses };
}

const overloaded = (retryAfterMs: number) => ({
  errors: [{ message: 'The write queue is full', extensions: { code: 'OVERLOADED', retryAfterMs } }],
});

const limited = (retryAfterMs: number) => ({
  errors: [{ message: 'This key may use', extensions: { code: 'RATE_LIMITED', retryAfterMs } }],
});

describe('createHttpTarget', () => {
  it('records by the mutation of the dataset', async () => {
    const { options, bodies } = createFetch({ data: { outcome: OUTCOME } });
    expect(await createHttpTarget(URL, options).send(llmCalls, [{ model: 'm' }])).toEqual(OUTCOME);
    expect(bodies[0]?.query).toContain(
      'mutation Import($input: [LlmCallInput!]!) { outcome: recordLlmCalls(input: $input)',
    );
    expect(bodies[0]?.variables).toEqual({ input: [{ model: 'm' }] });
  });

  it('waits for a quota per minute, but not for one per day', async () => {
    const { options, pauses } = createFetch(limited(60_000), { data: { outcome: OUTCOME } });
    expect(await createHttpTarget(URL, options).send(llmCalls, [{ model: 'm' }])).toEqual(OUTCOME);
    expect(pauses).toEqual([60_000]);
    const day = createFetch(limited(60_001));
    await expect(createHttpTarget(URL, day.options).send(llmCalls, [{ model: 'm' }])).rejects.toThrow(
      `${URL} refused a batch: This key may use`,
    );
    expect(day.pauses).toEqual([]);
  });

  it('waits as long as the server says, and then sends the same rows again', async () => {
    const { options, bodies, pauses } = createFetch(overloaded(70), overloaded(30), {
      data: { outcome: OUTCOME },
    });
    expect(await createHttpTarget(URL, options).send(llmCalls, [{ model: 'm' }])).toEqual(OUTCOME);
    expect(pauses).toEqual([70, 30]);
    expect(bodies[2]).toEqual(bodies[0]);
  });

  it('retries after a broken connection with ever longer waits, then gives up', async () => {
    const once = createFetch(refused, { data: { outcome: OUTCOME } });
    expect(await createHttpTarget(URL, once.options).send(llmCalls, [])).toEqual(OUTCOME);
    const always = createFetch(...Array.from({ length: 10 }, () => refused));
    await expect(createHttpTarget(URL, always.options).send(llmCalls, [])).rejects.toThrow(
      /no longer answers/,
    );
    expect(always.pauses).toEqual([200, 400, 800, 1600, 3200]);
  });

  it.each([
    [
      { errors: [{ message: 'Unknown field', extensions: { code: 'BAD_USER_INPUT' } }] },
      /refused a batch: Unknown field/,
    ],
    ['<html>', /answered 200 with a body that is not JSON: <html>/],
  ])('%#: any other answer is an error', async (answer, message) => {
    const { options } = createFetch(answer);
    await expect(createHttpTarget(URL, options).send(llmCalls, [])).rejects.toThrow(message);
  });
});

describe('serverAnswers', () => {
  it.each([
    [{ data: { __typename: 'Query' } }, true],
    [refused, false],
  ])('%#', async (answer, expected) => {
    expect(await serverAnswers(URL, createFetch(answer).options)).toBe(expected);
  });

  it('a server that wants a key: an error that says where to put it', async () => {
    const errors = [{ message: 'This server needs an API key.', extensions: { code: 'UNAUTHENTICATED' } }];
    await expect(serverAnswers(URL, createFetch({ errors }).options)).rejects.toThrow(/TELLTALE_API_KEY/);
  });

  it('something else there: an error', async () => {
    await expect(serverAnswers(URL, createFetch({ hello: 1 }).options)).rejects.toThrow(
      /not a GraphQL server/,
    );
  });
});
