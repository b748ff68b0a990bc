/** The texts and numbers inside a JSON value, depth first, a line each; at most so many characters. */
export function jsonText(value: unknown, maxLength: number): string {
  const parts: string[] = [];
  const stack: unknown[] = [value];
  while (stack.length > 0) {
    const next = stack.pop();
    if (typeof next === 'string' || typeof next === 'number') parts.push(String(next));
    else if (typeof next === 'object' && next !== null) stack.push(...Object.values(next).reverse());
  }
  return parts.join('\n').slice(0, maxLength);
}
