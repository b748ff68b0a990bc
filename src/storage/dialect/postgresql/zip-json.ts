/**
 * A table of parameters for a `from` clause, called `given`: its columns c0, c1, … are the
 * parameters $1, $2, …, each a JSON array, as text.
 */
export function zipJson(count: number): string {
  const places = Array.from({ length: count }, (_, index) => index);
  const arrays = places.map((index) => `json_array_elements_text($${index + 1}::json)`).join(', ');
  return `rows from (${arrays}) as given (${places.map((index) => `c${index}`).join(', ')})`;
}
