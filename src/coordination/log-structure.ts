import MarkdownIt from 'markdown-it';

/** A heading of the document itself, not of a list or a quotation in it. */
export interface Heading {
  /** 1 to 6. */
  readonly level: number;
  readonly text: string;
}

/** What the lines of a Markdown text are, by their index; every other line is plain. */
export interface LogStructure {
  readonly headings: ReadonlyMap<number, Heading>;
  /** Lines of code blocks between fences, and of comments. */
  readonly hidden: ReadonlySet<number>;
}

/**
 * Only blocks are read, and of those only what a log is made of: indented lines, underlined ones
 * and definitions of links are lines as any other.
 */
const markdown = new MarkdownIt('commonmark').disable(['code', 'lheading', 'reference']);
markdown.core.ruler.enableOnly(['block']);

const COMMENT_START = /^\s*<!--/;
const COMMENT_END = '-->';

/** Tells by CommonMark which lines are headings, code and comments. Pure. */
export function readStructure(lines: readonly string[]): LogStructure {
  const headings = new Map<number, Heading>();
  const hidden = new Set<number>();
  const tokens = markdown.parse(closeComments(lines).join('\n'), {});
  for (const [index, { type, level, map, tag, content }] of tokens.entries()) {
    if (map === null) continue;
    const [start, end] = map;
    if (type === 'heading_open' && level === 0) {
      headings.set(start, { level: Number(tag.slice(1)), text: tokens[index + 1]?.content ?? '' });
    } else if (type === 'fence' || (type === 'html_block' && COMMENT_START.test(content))) {
      for (let line = start; line < end; line++) hidden.add(line);
    }
  }
  return { headings, hidden };
}

/**
 * To CommonMark, a comment that never ends goes on to the end of the document, or of the next
 * comment. Here it is its line: nothing is lost by a slip.
 */
function closeComments(lines: readonly string[]): string[] {
  let ends = false;
  return lines
    .toReversed()
    .map((line) => {
      const isOpen = COMMENT_START.test(line) && !line.includes(COMMENT_END) && !ends;
      if (line.includes(COMMENT_END)) ends = true;
      if (COMMENT_START.test(line)) ends = false;
      // A carriage return within a line would be the end of one.
      return isOpen ? '<!-- -->' : line.replaceAll('\r', ' ');
    })
    .reverse();
}
