import { project } from '../state/view.ts';
import { isReachable, lost } from './connection.ts';
import { type Document, isUnknownDocument, NOT_TAKEN, named } from './document.ts';
import { askForKey, key } from './key.ts';

/** Why the server did not answer a question. */
export class AskError extends Error {
  /** A stable code of the API, such as FORBIDDEN; UNREACHABLE if there was no answer. */
  readonly code: string;
  /** The scope that the key lacks, with FORBIDDEN. */
  readonly scope: string | null;
  /** The path of the invalid argument, such as `input.measure`, with BAD_USER_INPUT. */
  readonly argument: string | null;

  constructor(message: string, code: string, details: { scope?: string; argument?: string } = {}) {
    super(message);
    this.code = code;
    this.scope = details.scope ?? null;
    this.argument = details.argument ?? null;
  }
}

interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly {
    message: string;
    extensions?: { code?: string; scope?: string; argument?: string };
  }[];
}

/** The headers that identify the caller, for every transport. */
export function credentials(): Record<string, string> {
  return {
    ...(key.value !== null && { authorization: `Bearer ${key.value}` }),
    ...(project.value !== null && { 'telltale-project': project.value }),
  };
}

/**
 * Sends an operation to the API.
 *
 * @throws AskError with the first error of the answer; the reason of `signal` if it is aborted
 */
export async function ask<Result, Variables>(
  document: Document<Result, Variables>,
  variables: Variables,
  signal?: AbortSignal,
): Promise<Result> {
  const send = async (byText: boolean) => {
    const response = await post({ ...named(document, byText), variables }, signal);
    const answer: Answer = await response.json().catch(() => ({}));
    return { response, answer, error: answer.errors?.[0] };
  };
  const first = await send(false);
  const isUnknown = first.error !== undefined && isUnknownDocument(first.error);
  const { response, answer, error } = isUnknown ? await send(true) : first;
  // An answer that is given up half way says nothing about the server.
  signal?.throwIfAborted();
  if (isUnknown && response.status === 403) throw new AskError(NOT_TAKEN, 'NOT_FOUND');
  if (response.status === 401) askForKey(error?.message ?? '');
  if (error !== undefined) {
    const { code = 'INTERNAL', ...details } = error.extensions ?? {};
    throw new AskError(error.message, code, details);
  }
  if (answer.data === undefined) throw unreachable(response.status);
  isReachable();
  return answer.data as Result;
}

async function post(body: unknown, signal: AbortSignal | undefined): Promise<Response> {
  try {
    return await fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...credentials() },
      body: JSON.stringify(body),
      ...(signal && { signal }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw unreachable(null);
  }
}

function unreachable(status: number | null): AskError {
  lost();
  return new AskError(
    status === null ? 'The server cannot be reached.' : `The server answered with status ${status}.`,
    'UNREACHABLE',
  );
}
