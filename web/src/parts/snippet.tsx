import '../styles/snippet.css';

/** A match within a text: its start and end in UTF-16 code units, as JavaScript counts. */
export interface Mark {
  start: number;
  end: number;
}

interface SnippetProps {
  text: string;
  marks: readonly Mark[];
}

/** Part of a text with the matches of a search marked. */
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
