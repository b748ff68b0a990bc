/**
 * What there is to search in a JSON value: its strings and numbers without the names of fields,
 * depth first in their order, a line each. Stops at `maxCharacters` (UTF-16 units), so that a huge
 * value costs no more than what is kept of it. Takes values of any depth.
 */
export function jsonText(value: unknown, maxCharacters: number): string {
  const lines: string[] = [];
  let room = maxCharacters;
  // A stack of its own: values nested a million levels deep would overflow the one of calls.
  const stack: Iterator<unknown>[] = [[value].values()];
  while (stack.length > 0 && room > 0) {
    const next = (stack.at(-1) as Iterator<unknown>).next();
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

/** The start of a text; the half of a surrogate pair that would be left at its end goes as well. */
function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const splitsPair = (text.codePointAt(length - 1) ?? 0) > 0xffff;
  return text.slice(0, splitsPair ? length - 1 : length);
}
