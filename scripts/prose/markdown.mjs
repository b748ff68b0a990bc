// Wraps the paragraphs of Markdown that have a line which is too long.
import MarkdownIt from 'markdown-it';

const markdown = new MarkdownIt();

/** Code, or the destination of a link: one word, whatever spaces it has. */
const WORD = /(?:`+[^`]*`+|\]\([^)]*\)|[^\s`])+|`/g;
/**
 * At the beginning of a line such a word would be the marker of a list, a heading, a quotation, a
 * table or a rule.
 */
const MARKER = /^(?:[-+*=_]+$|#{1,6}$|[>|]|\d+[.)]$|@\w|```|~~~|<)/;

/**
 * @param {string} text
 * @param {number} columns the length that a line may have
 */
export function wrapMarkdown(text, columns) {
  const lines = text.split('\n');
  const wrapped = [...lines];
  for (const [first, end] of paragraphs(text).reverse()) {
    const paragraph = lines.slice(first, end);
    if (paragraph.some((line) => line.length > columns) && !paragraph.some(breaksHard)) {
      wrapped.splice(first, end - first, ...wrapParagraph(paragraph, columns));
    }
  }
  const result = wrapped.join('\n');
  // A break at the wrong place would make something else of the paragraph.
  return rendered(result) === rendered(text) ? result : text;
}

/**
 * The first line of each paragraph, and the one after its last.
 * @param {string} text
 */
function paragraphs(text) {
  return markdown.parse(text, {}).flatMap(({ type, map }) => (type === 'paragraph_open' && map ? [map] : []));
}

/** @param {string} line */
function breaksHard(line) {
  return line.endsWith('  ') || line.endsWith('\\');
}

/**
 * The first line keeps what precedes its text, such as the marker of a list. The next lines keep
 * the indent of the second, or get one as wide.
 * @param {string[]} paragraph
 * @param {number} columns
 */
function wrapParagraph([first = '', ...others], columns) {
  const before = /^[\s>]*(?:(?:[-*+]|\d+[.)])\s+)*/.exec(first)?.[0] ?? '';
  const indent = /^[\s>]*/.exec(others[0] ?? before.replace(/[^\s>]/g, ' '))?.[0] ?? '';
  const texts = [first.slice(before.length), ...others.map((line) => line.replace(/^[\s>]+/, ''))];
  const [word = '', ...words] = texts.join(' ').match(WORD) ?? [];
  const lines = [before + word];
  for (const next of words) {
    const longer = `${lines.at(-1)} ${next}`;
    if (longer.length <= columns || MARKER.test(next)) lines[lines.length - 1] = longer;
    else lines.push(indent + next);
  }
  return lines;
}

/** @param {string} text */
function rendered(text) {
  return markdown.render(text).replace(/\s+/g, ' ');
}
