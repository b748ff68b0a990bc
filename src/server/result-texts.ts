import type { ExecutionResult } from 'graphql';
import { inPortions, isLong, type Portions } from './json-text.ts';

/** The JSON of a result, whole or in the parts in which it was made. */
export type ResultText = readonly Buffer[];

/**
 * Writes each result once, however many clients get it. The text of a long one is made in turns of the
 * event loop that others share; it is kept as long as the result is.
 */
export type ResultTexts = (result: ExecutionResult) => ResultText | Promise<ResultText>;

export function createResultTexts(portions: Portions): ResultTexts {
  const made = new WeakMap<ExecutionResult, ResultText | Promise<ResultText>>();

  async function inParts(result: ExecutionResult): Promise<ResultText> {
    const parts: Buffer[] = [];
    for await (const text of inPortions(result, portions)) parts.push(Buffer.from(text));
    return parts;
  }

  return (result) => {
    const known = made.get(result);
    if (known !== undefined) return known;
    const { errors, ...rest } = result;
    // As graphql-ws writes it: the errors last.
    const shown = errors === undefined ? rest : { ...rest, errors };
    const text = isLong(result.data) ? inParts(shown) : [Buffer.from(JSON.stringify(shown))];
    made.set(result, text);
    return text;
  };
}
