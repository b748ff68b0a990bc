import type { Question } from '../../data/use-query.ts';

/** The address of GraphiQL with a question filled in, as the page asked it. */
export function graphiqlUrl({ text, variables }: Question): string {
  const query = new URLSearchParams({
    query: outdented(text),
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
