import '../styles/snippet.css';

/** A hit within a text: where it begins and ends, in UTF-16 units as texts of JavaScript are counted. */
export interface Mark {
  start: number;
  end: number;
}

interface SnippetProps {
  text: string;
  marks: readonly Mark[];
}

/** A part of a text with the hits of a search marked. */
export function Snippet({ text, marks }: SnippetProps) {
  const parts: { at: number; text: string; isHit: boolean }[] = [];
  let at = 0;
  for (const { start, end } of marks.toSorted((a, b) => a.start - b.start)) {
    const from = Math.max(start, at);
    if (end <= from) continue;
    parts.push({ at, text: text.slice(at, from), isHit: false });
    parts.push({ at: from, text: text.slice(from, end), isHit: true });
    at = end;
  }
  parts.push({ at, text: text.slice(at), isHit: false });
  return (
    <p class="snippet">
      {parts.map((part) =>
        part.isHit ? <mark key={`${part.at} hit`}>{part.text}</mark> : <span key={part.at}>{part.text}</span>,
      )}
    </p>
  );
}
