import type { Mark } from '../../parts/snippet.tsx';

const ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&amp;': '&',
  '&quot;': '"',
  '&#39;': "'",
};

/**
 * Converts a search snippet, which is HTML with `<mark>`, to text and the positions of its marks.
 */
export function readMarked(html: string): { text: string; marks: Mark[] } {
  let text = '';
  const marks: Mark[] = [];
  for (const [index, part] of html.split(/<\/?mark>/).entries()) {
    const plain = part.replace(/&(?:lt|gt|amp|quot|#39);/g, (entity) => ENTITIES[entity] ?? entity);
    // Every second part is within a mark.
    if (index % 2 === 1) marks.push({ start: text.length, end: text.length + plain.length });
    text += plain;
  }
  return { text, marks };
}
