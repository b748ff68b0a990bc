/**
 * The statements of a script, each with the comments before it, so that a failure can be told by
 * its statement. Knows quotes, comments, PostgreSQL's dollar quotes and the body of a trigger
 * (`BEGIN … END`).
 */
export function splitStatements(script: string): string[] {
  const statements: string[] = [];
  let start = 0;
  let code = '';
  for (const match of script.matchAll(TOKEN)) {
    code += codeOf(match[0]);
    if (match[0] !== ';' || isInsideTrigger(code)) continue;
    statements.push(script.slice(start, match.index + 1).trim());
    start = match.index + 1;
    code = '';
  }
  // What follows the last semicolon is a statement if it is more than blanks and comments.
  if (code.trim() !== '') statements.push(script.slice(start).trim());
  return statements;
}

const TOKEN =
  /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|(\$\w*\$)[\s\S]*?\1|;|[^-/'"$;]+|[\s\S]/g;

/** A token with nothing in it that could be mistaken for a keyword. */
function codeOf(token: string): string {
  if (token.startsWith('--') || token.startsWith('/*')) return ' ';
  return token.length > 1 && /^['"$]/.test(token) ? "''" : token;
}

/** Every statement in the body of a SQLite trigger ends with a semicolon of its own. */
function isInsideTrigger(code: string): boolean {
  if (!/^\s*create\s+(?:temp(?:orary)?\s+)?trigger\b/i.test(code)) return false;
  const opened = code.match(/\b(?:begin|case)\b/gi)?.length ?? 0;
  const closed = code.match(/\bend\b/gi)?.length ?? 0;
  return opened > closed;
}
