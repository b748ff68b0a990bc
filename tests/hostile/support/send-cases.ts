import { createSerial } from '../../../src/storage/serial.ts';
import { type Answer, errorsOf, faultOf } from './answers.ts';
import type { Case } from './cases.ts';
import type { Known } from './good-values.ts';
import { operationOf } from './operations.ts';
import { toJson } from './scalar-values.ts';

/** Both paths of an HTTP request into the server: the direct one, and that of Yoga. */
const ACCEPT = ['application/graphql-response+json', 'application/graphql-response+json, text/plain'];

/** Sends a body unchanged. */
export async function sendText(url: string, body: string, accept = ACCEPT[0] as string): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept },
    body,
  });
  const text = await response.text();
  if (!text.startsWith('{')) throw new Error(`${response.status} ${text} for ${body.slice(0, 300)}`);
  const { errors = [], data = null } = JSON.parse(text) as Partial<Answer>;
  return { status: response.status, errors, data };
}

/**
 * The number of requests at the same time. Mutations follow each other, so that a failure can be
 * repeated.
 */
const LANES = 3;
/** The limits for rejected cases per request, and for bytes of values. */
const CASES = 20;
const BYTES = 400_000;

/** The results of the cases. */
export interface Outcome {
  /** The problems, by case. */
  readonly faults: string[];
  refused: number;
  answered: number;
  requests: number;
  slowest: { readonly ms: number; readonly name: string };
}

/**
 * Sends the cases, several in one operation. Cases that graphql-js rejects are sent separately,
 * because one of them would hide the others. If an operation does not report on each of its cases,
 * each gets its own request.
 */
export async function sendCases(url: string, cases: readonly Case[], known: Known): Promise<Outcome> {
  const outcome: Outcome = {
    faults: [],
    refused: 0,
    answered: 0,
    requests: 0,
    slowest: { ms: 0, name: '' },
  };

  async function ask(batch: readonly Case[]): Promise<Answer> {
    const { query, variables } = operationOf(batch, known);
    const startedAt = performance.now();
    const accept = ACCEPT[outcome.requests % 5 === 0 ? 1 : 0];
    const answer = await sendText(
      url,
      `{"query":${JSON.stringify(query)},"variables":${toJson(variables)}}`,
      accept,
    );
    const ms = performance.now() - startedAt;
    outcome.requests++;
    if (ms > outcome.slowest.ms) outcome.slowest = { ms, name: batch[0]?.name ?? '' };
    return answer;
  }

  function check(one: Case, answer: Answer): void {
    const fault = faultOf(answer) ?? (one.refused && answer.errors.length === 0 ? 'was taken' : null);
    if (fault !== null) outcome.faults.push(`${one.name}: ${fault}`);
    if (answer.errors.length > 0) outcome.refused++;
    else outcome.answered++;
  }

  /** A check of the database refuses to run at the same time as another one. */
  const checking = createSerial();
  const sendInTurn = (batch: readonly Case[]) =>
    batch.some(({ location }) => location.name === 'Query.integrity')
      ? checking(() => send(batch))
      : send(batch);

  async function send(batch: readonly Case[]): Promise<void> {
    const answer = await ask(batch);
    const errors = errorsOf(answer, batch);
    if (batch.length === 1) check(batch[0] as Case, answer);
    else if (answer.status < 500 && errors.every(({ length }) => length > 0)) {
      for (const [index, one] of batch.entries()) check(one, { ...answer, errors: errors[index] ?? [] });
    } else for (const one of batch) check(one, await ask([one]));
  }

  const waiting = batchesOf(cases);
  const isMutation = cases[0]?.location.kind === 'mutation';
  const lanes = Array.from({ length: isMutation ? 1 : LANES }, async () => {
    for (let batch = waiting.shift(); batch !== undefined; batch = waiting.shift()) await sendInTurn(batch);
  });
  await Promise.all(lanes);
  return outcome;
}

function batchesOf(cases: readonly Case[]): Case[][] {
  const batches: Case[][] = [];
  const open = new Map<string, { cases: Case[]; bytes: number }>();
  for (const one of cases) {
    const key = `${one.location.kind} ${one.refused}`;
    let batch = open.get(key);
    const size = one.refused && one.location.kind !== 'subscription' ? CASES : 1;
    if (batch === undefined || batch.cases.length >= size || batch.bytes + one.bytes > BYTES) {
      batch = { cases: [], bytes: 0 };
      open.set(key, batch);
      batches.push(batch.cases);
    }
    batch.cases.push(one);
    batch.bytes += one.bytes;
  }
  return batches;
}
