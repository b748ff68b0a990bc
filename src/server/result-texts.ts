import type { ExecutionResult } from 'graphql';
import type { MaskError } from '../graphql/errors.ts';
import { inPortions, isLong, type Portions } from './json-text.ts';
import { withoutHttp } from './without-http.ts';

/** The JSON of a result, whole or in chunks. */
export type ResultText = readonly Buffer[];

/**
 * Writes each result once, however many clients get it. A long text is made in turns of the event
 * loop shared with other work, and lives as long as the result. Never throws or rejects: a result
 * that cannot be written becomes an error.
 */
export type ResultTexts = (result: ExecutionResult) => ResultText | Promise<ResultText>;

/** @param most the most bytes of a result; default: any number */
export function createResultTexts(portions: Portions, maskError: MaskError, most?: number): ResultTexts {
  const made = new WeakMap<ExecutionResult, ResultText | Promise<ResultText>>();

  async function inParts(result: ExecutionResult): Promise<ResultText> {
    const parts: Buffer[] = [];
    for await (const text of inPortions(result, portions, most)) parts.push(Buffer.from(text));
    return parts;
  }

  const failure = (error: unknown): ResultText => [
    Buffer.from(JSON.stringify(withoutHttp({ errors: [maskError(error)] }))),
  ];

  function write(result: ExecutionResult): ResultText | Promise<ResultText> {
    const shown = withoutHttp(result);
    if (isLong(shown.data)) return inParts(shown).catch(failure);
    try {
      return [Buffer.from(JSON.stringify(shown))];
    } catch (error) {
      return failure(error);
    }
  }

  return (result) => {
    const known = made.get(result);
    if (known !== undefined) return known;
    const text = write(result);
    made.set(result, text);
    return text;
  };
}
