import type { Document } from '../../data/ask.ts';

/** The address of GraphiQL with a question filled in, as the page asked it. */
export function graphiqlUrl<Result, Variables>(
  document: Document<Result, Variables>,
  variables: Variables,
): string {
  const query = new URLSearchParams({
    query: outdented(String(document)),
    variables: JSON.stringify(variables, null, 2),
  });
  return `/graphiql?${query}`;
}

/** Without the indentation that a document has from the code around it. */
function outdented(text: string): string {
  const lines = text.replace(/^\n|\s+$/g, '').split('\n');
  const indents = lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/));
  return lines.map((line) => line.slice(Math.min(...indents))).join('\n');
}
