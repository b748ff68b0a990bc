/**
 * The searchable text of a JSON value: its strings and numbers without the names of fields, depth
 * first in their order, one per line. Stops at `maxCharacters` UTF-16 units, so that a huge value
 * costs no more than the text that is kept. Takes values of any depth.
 */
export function jsonText(value: unknown, maxCharacters: number): string {
  const lines: string[] = [];
  let room = maxCharacters;
  // An explicit stack: a value with a million levels would overflow the call stack.
  const stack: Iterator<unknown>[] = [[value].values()];
  for (let inner = stack.at(-1); inner !== undefined && room > 0; inner = stack.at(-1)) {
    const next = inner.next();
    if (next.done) stack.pop();
    else if (typeof next.value === 'object' && next.value !== null) stack.push(membersOf(next.value));
    else if (typeof next.value === 'string' || typeof next.value === 'number') {
      const line = cut(String(next.value), room);
      lines.push(line);
      // The line break counts as well.
      room -= line.length + 1;
    }
  }
  return lines.join('\n');
}

const membersOf = (value: object): Iterator<unknown> =>
  (Array.isArray(value) ? value : Object.values(value)).values();

/** The start of a text, without half a surrogate pair at its end. */
function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const splitsPair = (text.codePointAt(length - 1) ?? 0) > 0xffff;
  return text.slice(0, splitsPair ? length - 1 : length);
}
