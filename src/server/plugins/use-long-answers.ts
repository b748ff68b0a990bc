import type { ServerResponse } from 'node:http';
import type { ExecutionResult } from 'graphql';
import { type FetchAPI, type Plugin, processRegularResult } from 'graphql-yoga';
import type { Caller } from '../../access/caller.ts';
import type { Context } from '../../graphql/context.ts';
import { resultOfError } from '../../graphql/errors.ts';
import { type AnswerParts, answerOf, makeText, partsAPI, partsOf } from '../answer-text.ts';
import type { AnsweredClient } from '../client.ts';
import { inPortions, isLong, type Portions } from '../json-text.ts';
import type { UnreadAnswer, UnreadAnswers } from '../limits/unread-answers.ts';

type Results = AsyncIterable<ExecutionResult>;
type Hook = NonNullable<Plugin<Context>['onResultProcess']>;
type Processor = NonNullable<Parameters<Hook>[0]['resultProcessor']>;

/**
 * Writes the long answers of Yoga's own path (GET, server-sent events, multipart) in chunks, as the
 * direct path does. Yoga writes an answer with a single `JSON.stringify`, and that of an event
 * again for each stream.
 */
export function useLongAnswers(portions: Portions, unread: UnreadAnswers): Plugin<Context> {
  const dataText = createDataText(portions, unread.answerBytes);
  return {
    onResultProcess({ request, result, resultProcessor, setResult, setResultProcessor, serverContext }) {
      const { client, res, caller } = serverContext as AnsweredContext;
      // Yoga makes the text of a short answer right after this.
      if (resultProcessor === undefined || result === undefined || Array.isArray(result))
        return client?.textIsMade?.();
      if (Symbol.asyncIterator in result) {
        setResult(withTexts(result as Results, dataText));
        return;
      }
      const single = result as ExecutionResult;
      if (!isLong(single.data)) return client?.textIsMade?.();
      const type = jsonTypeOf(request.headers.get('accept'));
      const answer = answerOf(single, type, portions);
      const parts =
        resultProcessor === processRegularResult ? answer : inFrame(single, resultProcessor, answer);
      if (parts === null) return client?.textIsMade?.();
      const answered = { client, res, unread: unread.open(caller?.projectId ?? '', () => res?.destroy()) };
      setResultProcessor(async (_result, fetchAPI, mediaType) => {
        const tooLong = await whole(parts.text, answered);
        if (tooLong === null) return responseOf(parts, sending(answered), fetchAPI);
        return resultProcessor(tooLong, fetchAPI, mediaType);
      }, type);
    },
  };
}

/** What the HTTP transport and Yoga's adapter add to the context. In-process calls add nothing. */
interface AnsweredContext {
  readonly client?: Partial<Pick<AnsweredClient, 'textIsMade'>>;
  readonly res?: ServerResponse;
  readonly caller?: Pick<Caller, 'projectId'>;
}

const GRAPHQL_RESPONSE = 'application/graphql-response+json';
const JSON_TYPES: ReadonlySet<string> = new Set([
  GRAPHQL_RESPONSE,
  'application/json',
  'application/*',
  '*/*',
]);

/** The type that Yoga's negotiation gives to a JSON answer; Yoga does not pass it to plugins. */
function jsonTypeOf(accept: string | null): string {
  const types = (accept ?? '*/*').toLowerCase().replace(/\s/g, '').split(',');
  const readable = types.filter((type) => !/charset=(?!utf-8)/.test(type));
  const wanted = readable.map((type) => type.split(';', 1)[0] ?? '').find((type) => JSON_TYPES.has(type));
  return wanted === GRAPHQL_RESPONSE ? GRAPHQL_RESPONSE : 'application/json';
}

type Frame = readonly [before: string, after: string];

/** What surrounds the only result of a stream, by media type. */
const FRAMES: Readonly<Record<string, Frame>> = {
  'text/event-stream': [':\n\nevent: next\ndata: ', '\n\nevent: complete\ndata:\n\n'],
  'multipart/mixed': ['\r\n---\r\nContent-Type: application/json; charset=utf-8\r\n\r\n', '\r\n-----\r\n'],
};

/**
 * One result as a stream: with the status and headers of its processor, and the text in chunks.
 * Null if the processor makes another kind of stream.
 */
function inFrame(result: ExecutionResult, processor: Processor, { text }: AnswerParts): AnswerParts | null {
  const { status, headers } = processor(result, partsAPI, '') as unknown as AnswerParts;
  const frame = FRAMES[headers['Content-Type']?.split(';', 1)[0] ?? ''];
  return frame === undefined ? null : { status, headers, text: framed(frame, text) };
}

async function* framed([before, after]: Frame, text: AnswerParts['text']): AsyncGenerator<string> {
  yield before;
  yield* typeof text === 'string' ? [text] : text;
  yield after;
}

function responseOf(
  { status, headers }: AnswerParts,
  body: AsyncIterable<Buffer>,
  { Response }: FetchAPI,
): Response {
  return new Response(body as unknown as ReadableStream, { status, headers });
}

interface Answered extends Pick<AnsweredContext, 'client' | 'res'> {
  readonly unread: UnreadAnswer;
}

/**
 * Makes the text before it is sent, as on the direct path. Null, or the result that says that it is
 * too long.
 */
async function whole(
  text: AnswerParts['text'],
  { client, res, unread }: Answered,
): Promise<ExecutionResult | null> {
  // Yoga never asks for the body of an answer whose client has gone.
  res?.once('close', unread.close);
  try {
    await makeText(typeof text === 'string' ? onlyPart(text) : text, unread, res);
    return null;
  } catch (error) {
    unread.close();
    // Nobody sees the answer to a client that has gone.
    return res?.destroyed === true ? {} : resultOfError(error);
  } finally {
    client?.textIsMade?.();
  }
}

async function* onlyPart(text: string): AsyncGenerator<string> {
  yield text;
}

/** Yoga takes bytes from a body that is iterated. */
async function* sending({ unread }: Answered): AsyncGenerator<Buffer> {
  try {
    yield* partsOf(unread);
  } finally {
    unread.close();
  }
}

/** The JSON of the data of a result. For a long one it is made in chunks. */
type DataText = (data: object) => string | Promise<string>;

/**
 * Writes the data of each event once, however many streams share its execution. The text lives as
 * long as the data.
 */
function createDataText(portions: Portions, most: number): DataText {
  const made = new WeakMap<object, string | Promise<string>>();

  async function inParts(data: object): Promise<string> {
    let written = '';
    for await (const text of inPortions(data, portions, most)) written += text;
    return written;
  }

  return (data) => {
    const known = made.get(data);
    if (known !== undefined) return known;
    const text = isLong(data) ? inParts(data) : JSON.stringify(data);
    made.set(data, text);
    return text;
  };
}

/** The results of a subscription. Makes the text of their data before Yoga writes their events. */
function withTexts(results: Results, dataText: DataText): AsyncIterableIterator<ExecutionResult> {
  const source = results[Symbol.asyncIterator]();
  return {
    async next() {
      const step = await source.next();
      if (step.done || !step.value.data) return step;
      try {
        return { done: false, value: withText(step.value, await dataText(step.value.data)) };
      } catch (error) {
        return { done: false, value: resultOfError(error) };
      }
    },
    return: async () => (await source.return?.()) ?? { done: true, value: undefined },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** A result that Yoga writes with its `stringify` instead of `JSON.stringify`. */
function withText(result: ExecutionResult, data: string): ExecutionResult {
  const stringify = ({ data: _, ...rest }: ExecutionResult) => {
    const others = JSON.stringify(rest);
    return others === '{}' ? `{"data":${data}}` : `{"data":${data},${others.slice(1)}`;
  };
  return { ...result, stringify } as ExecutionResult;
}
