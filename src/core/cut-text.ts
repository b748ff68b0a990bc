const HALF_AT_END = /[\ud800-\udbff]$/;

/**
 * As much of the beginning as the length (in UTF-16 units) allows, without half of a surrogate pair
 * at the end.
 */
export function firstCharacters(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : text.slice(0, maxLength).replace(HALF_AT_END, '');
}

/** The text; or, where it is longer than that, its beginning and an ellipsis. */
export function cutText(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : `${firstCharacters(text, maxLength - 1)}…`;
}
