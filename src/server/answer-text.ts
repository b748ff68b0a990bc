import type { ExecutionResult } from 'graphql';
import { processRegularResult } from 'graphql-yoga';
import { inPortions, isLong, type Portions } from './json-text.ts';
import type { UnreadAnswer } from './limits/unread-answers.ts';

/** The status and headers of an answer, and its text: whole, or in chunks if it is long. */
export interface AnswerParts {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly text: string | AsyncIterable<string>;
}

/**
 * Writes a result by Yoga's rules for status and headers. A long text is made while it is sent, in
 * turns of the event loop shared with other requests.
 */
export function answerOf(result: ExecutionResult, mediaType: string, portions: Portions): AnswerParts {
  let text: AnswerParts['text'] = '';
  const stringify = (shown: ExecutionResult): string => {
    text = isLong(shown.data) ? inPortions(shown, portions) : JSON.stringify(shown);
    return '';
  };
  const { status, headers } = processRegularResult(
    { ...result, stringify } as ExecutionResult,
    partsAPI,
    mediaType,
  ) as unknown as ResponseInit & AnswerParts;
  return { status, headers, text };
}

/**
 * Makes the whole text of a long answer, before any of it is sent: what it is made of takes ten
 * times as much, however slowly the client reads.
 *
 * @throws Error if the client has gone: nobody needs the rest
 * @throws TelltaleError if the text is too long
 */
export async function makeText(
  text: AsyncIterable<string>,
  answer: UnreadAnswer,
  response?: { readonly destroyed: boolean },
): Promise<void> {
  for await (const part of text) {
    if (response?.destroyed === true) throw new Error('The client disconnected before its answer was ready.');
    answer.add(part);
    await answer.room();
  }
}

/** The parts of a text that is whole, as its client takes them. */
export function* partsOf(answer: UnreadAnswer): Generator<Buffer> {
  const parts = answer.send();
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
    yield part;
    answer.taken(part.length);
  }
}

/**
 * Stands in for the fetch `Response` in Yoga's result processor, to capture the status and headers.
 */
class Parts {
  readonly status: number;
  readonly headers: Record<string, string>;

  constructor(_body: unknown, { status, headers }: Pick<AnswerParts, 'status' | 'headers'>) {
    this.status = status;
    this.headers = headers;
  }
}

/** Makes `Parts` from what a result processor of Yoga returns. Makes no stream. */
export const partsAPI = { Response: Parts, ReadableStream: class {}, TextEncoder } as unknown as Parameters<
  typeof processRegularResult
>[1];
