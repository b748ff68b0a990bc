// Wraps comments that have a line which is too long: blocks and runs of `//` that have lines of
// their own.
import { wrapMarkdown } from './markdown.mjs';

/** Read by tools line by line. */
const DIRECTIVE =
  /biome-ignore|@ts-|@vitest|v8 ignore|c8 ignore|eslint|knip|prettier|@__PURE__|<reference|#region|#endregion/;
const BLOCK = /^( *)\/\*(\*?)(?:(?!\*\/)[\s\S])*\*\/ *$/gm;
const LINES = /^( *)\/\/(\/?) .*(?:\n\1\/\/\2(?: .*)?)*$/gm;

/**
 * @param {string} source
 * @param {number} columns the length that a line may have
 */
export function wrapComments(source, columns) {
  return source
    .replace(BLOCK, (comment, indent, star) => wrapBlock(comment, indent, star, columns))
    .replace(LINES, (comment, indent, slash) => wrapLines(comment, indent, slash, columns));
}

/**
 * @param {string} comment
 * @param {string} indent
 * @param {string} star the second one of a comment that documents something
 * @param {number} columns
 */
function wrapBlock(comment, indent, star, columns) {
  if (fits(comment, columns)) return comment;
  const text = comment
    .replace(/^ *\/\*+ ?\n?/, '')
    .replace(/\s*\*\/ *$/, '')
    .replace(/^ *\* ?/gm, '');
  const lines = wrapText(text, columns - indent.length - 3).map((line) => `${indent} * ${line}`.trimEnd());
  return `${indent}/*${star}\n${lines.join('\n')}\n${indent} */`;
}

/**
 * @param {string} comment
 * @param {string} indent
 * @param {string} slash the third one in a model of Prisma
 * @param {number} columns
 */
function wrapLines(comment, indent, slash, columns) {
  if (fits(comment, columns)) return comment;
  const prefix = `${indent}//${slash} `;
  const text = comment.replace(/^ *\/\/+ ?/gm, '');
  return wrapText(text, columns - prefix.length)
    .map((line) => (prefix + line).trimEnd())
    .join('\n');
}

/**
 * @param {string} comment
 * @param {number} columns
 */
function fits(comment, columns) {
  return DIRECTIVE.test(comment) || comment.split('\n').every((line) => line.length <= columns);
}

/**
 * The lines of a text. A tag such as `@returns` begins a paragraph of its own.
 * @param {string} text
 * @param {number} columns
 */
function wrapText(text, columns) {
  return text
    .split(/\n(?=@\w)/)
    .map((part) => wrapMarkdown(part, columns))
    .join('\n')
    .split('\n');
}
