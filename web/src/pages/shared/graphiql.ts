import type { Question } from '../../data/use-query.ts';
import { project } from '../../state/view.ts';

/** The address of GraphiQL with a question filled in, as the page asked it, for its project. */
export function graphiqlUrl({ text, variables }: Question): string {
  const query = new URLSearchParams({
    query: outdented(text),
    variables: JSON.stringify(variables, null, 2),
    ...(project.value !== null && { project: project.value }),
  });
  return `/graphiql?${query}`;
}

/** Removes the indentation that a document has from the surrounding code. */
function outdented(text: string): string {
  const lines = text.replace(/^\n|\s+$/g, '').split('\n');
  const indents = lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/));
  return lines.map((line) => line.slice(Math.min(...indents))).join('\n');
}
