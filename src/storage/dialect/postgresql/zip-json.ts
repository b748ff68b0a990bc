/**
 * A table of parameters for a `from` clause, called `given`. Its columns c0, c1, … are the
 * elements, as text, of the parameters $1, $2, …, each of which is a JSON array.
 */
export function zipJson(count: number): string {
  const indexes = Array.from({ length: count }, (_, index) => index);
  const arrays = indexes.map((index) => `json_array_elements_text($${index + 1}::json)`).join(', ');
  return `rows from (${arrays}) as given (${indexes.map((index) => `c${index}`).join(', ')})`;
}
