import { _createLRUCache } from 'graphql-yoga';

/** Values by the text of a document. Suitable for Yoga's `parserAndValidationCache`. */
export interface DocumentCache<Value> {
  get(text: string): Value | undefined;
  set(text: string, value: Value): void;
}

/** Longer documents are parsed each time: a thousand of them would fill the memory. */
const CACHED_CHARACTERS = 32_768;

/** @param kept texts that are never evicted */
export function createDocumentCache<Value extends object>(
  kept: ReadonlySet<string> = new Set(),
): DocumentCache<Value> {
  const recent = _createLRUCache<Value>();
  const own = new Map<string, Value>();
  return {
    get: (text) => own.get(text) ?? recent.get(text),
    set(text, value) {
      if (kept.has(text)) own.set(text, value);
      else if (text.length <= CACHED_CHARACTERS) recent.set(text, value);
    },
  };
}
