import MarkdownIt from 'markdown-it';

/** A heading at the top level of the document, not within a list or a quotation. */
export interface Heading {
  /** 1 to 6. */
  readonly level: number;
  readonly text: string;
}

/** The kinds of lines of a Markdown text, by index; every other line is plain text. */
export interface LogStructure {
  readonly headings: ReadonlyMap<number, Heading>;
  /** Lines of fenced code blocks and of comments. */
  readonly hidden: ReadonlySet<number>;
}

/**
 * Reads only blocks, and only those that a log uses: indented lines, underlined lines and link
 * definitions count as plain lines.
 */
const markdown = new MarkdownIt('commonmark').disable(['code', 'lheading', 'reference']);
markdown.core.ruler.enableOnly(['block']);

const COMMENT_START = /^\s*<!--/;
const COMMENT_END = '-->';

/** Finds headings, code and comments as CommonMark defines them. Pure. */
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
 * Closes a comment that never ends on its own line. In CommonMark it would extend to the end of the
 * document or of the next comment, and a typing error would hide lines.
 */
function closeComments(lines: readonly string[]): string[] {
  let ends = false;
  return lines
    .toReversed()
    .map((line) => {
      const isOpen = COMMENT_START.test(line) && !line.includes(COMMENT_END) && !ends;
      if (line.includes(COMMENT_END)) ends = true;
      if (COMMENT_START.test(line)) ends = false;
      // CommonMark treats a carriage return within a line as a line end.
      return isOpen ? '<!-- -->' : line.replaceAll('\r', ' ');
    })
    .reverse();
}
