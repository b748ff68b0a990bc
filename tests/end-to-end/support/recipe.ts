/** A step of a recipe: a file to write, lines to add to one, or commands to run. */
export type Step =
  | { readonly kind: 'write'; readonly path: string; readonly text: string }
  | { readonly kind: 'change'; readonly path: string; readonly diff: readonly string[] }
  | { readonly kind: 'run'; readonly commands: readonly string[] };

const BLOCK = /^( *)```(\w+)(?: (\S+))?\n([\s\S]*?)^\1```$/gm;

/**
 * The steps of one section of a document, in their order: its fenced blocks. `sh` holds commands,
 * `diff <path>` changes a file, any other language with a path is the content of that file.
 *
 * @throws Error when the document has no such section.
 */
export function readRecipe(markdown: string, heading: string): Step[] {
  const section = markdown.split(/^## /m).find((text) => text.startsWith(`${heading}\n`));
  if (section === undefined) throw new Error(`There is no section ${heading}.`);
  return [...section.matchAll(BLOCK)].map(([, indent = '', language, path, body = '']) => {
    const text = body.replaceAll(new RegExp(`^${indent}`, 'gm'), '');
    if (language === 'sh') return { kind: 'run', commands: text.trim().split('\n') };
    if (path === undefined)
      throw new Error(`A block of ${language} in ${heading} does not say which file it is.`);
    return language === 'diff'
      ? { kind: 'change', path, diff: text.trimEnd().split('\n') }
      : { kind: 'write', path, text };
  });
}

/**
 * Adds the lines that a diff marks with `+`, each after the line of context before it.
 *
 * @throws Error when the text lacks that line.
 */
export function applyDiff(text: string, diff: readonly string[]): string {
  const lines = text.split('\n');
  let position = 0;
  for (const line of diff) {
    const content = line.slice(1);
    if (line.startsWith('+')) lines.splice(position++, 0, content);
    else if (content !== '') {
      position = lines.indexOf(content, position) + 1;
      if (position === 0) throw new Error(`The text to change lacks the line ${content}`);
    }
  }
  return lines.join('\n');
}
