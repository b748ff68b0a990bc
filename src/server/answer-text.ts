import { stringifyChunked } from '@discoveryjs/json-ext';
import type { ExecutionResult } from 'graphql';
import { processRegularResult } from 'graphql-yoga';
import type { Services } from '../graphql/context.ts';

/** The status and headers of an answer, and its text: whole, or in portions if it is long. */
export interface AnswerParts {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly text: string | AsyncIterable<string>;
}

/** Characters of JSON, about, that take a few milliseconds to write. */
const LONG = 256 * 1024;
const CHARACTERS_PER_PORTION = 64 * 1024;
/** An estimate. */
const MICROSECONDS_PER_CHARACTER = 0.04;

/**
 * Writes a result by Yoga's rules for status and headers. The text of a long one is made while it
 * is sent, in turns of the event loop that others share.
 */
export function answerOf(
  result: ExecutionResult,
  mediaType: string,
  portions: Services['portions'],
): AnswerParts {
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

/** Replaces the fetch `Response` in Yoga's result processor: the status and the headers are wanted. */
class Parts {
  readonly status: number;
  readonly headers: Record<string, string>;

  constructor(_body: string, { status, headers }: Pick<AnswerParts, 'status' | 'headers'>) {
    this.status = status;
    this.headers = headers;
  }
}

const partsAPI = { Response: Parts } as unknown as Parameters<typeof processRegularResult>[1];

async function* inPortions(result: ExecutionResult, { pass }: Services['portions']): AsyncGenerator<string> {
  for (const text of stringifyChunked(result, { highWaterMark: CHARACTERS_PER_PORTION })) {
    yield text;
    await pass(CHARACTERS_PER_PORTION * MICROSECONDS_PER_CHARACTER);
  }
}

/** Whether the JSON of a value is long. Looks at no more of it than that takes. */
function isLong(value: unknown): boolean {
  let left = LONG;
  const visit = (part: unknown): void => {
    if (left <= 0) return;
    left -= typeof part === 'string' ? part.length : 8;
    if (typeof part !== 'object' || part === null) return;
    if (Array.isArray(part)) {
      for (let index = 0; index < part.length && left > 0; index++) visit(part[index]);
      return;
    }
    for (const name in part) {
      if (left <= 0) return;
      left -= name.length;
      visit((part as Record<string, unknown>)[name]);
    }
  };
  visit(value);
  return left <= 0;
}
