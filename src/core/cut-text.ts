const HALF_AT_END = /[\ud800-\udbff]$/;

/** The first `maxLength` UTF-16 units of the text, without half of a surrogate pair at the end. */
export function firstCharacters(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : text.slice(0, maxLength).replace(HALF_AT_END, '');
}

/** The text, cut to `maxLength` UTF-16 units with an ellipsis at the end if it is longer. */
export function cutText(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : `${firstCharacters(text, maxLength - 1)}…`;
}
