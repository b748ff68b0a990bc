/**
 * Splits a script into statements, each with the comments before it, so that an error can name the
 * statement that failed. Handles quotes, comments, PostgreSQL's dollar quotes and the body of a
 * trigger (`BEGIN … END`).
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
  // The text after the last semicolon is a statement if it has more than blanks and comments.
  if (code.trim() !== '') statements.push(script.slice(start).trim());
  return statements;
}

const TOKEN =
  /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|(\$\w*\$)[\s\S]*?\1|;|[^-/'"$;]+|[\s\S]/g;

/** The token, without text that could be mistaken for a keyword. */
function codeOf(token: string): string {
  if (token.startsWith('--') || token.startsWith('/*')) return ' ';
  return token.length > 1 && /^['"$]/.test(token) ? "''" : token;
}

/** Each statement in the body of a SQLite trigger ends with its own semicolon. */
function isInsideTrigger(code: string): boolean {
  if (!/^\s*create\s+(?:temp(?:orary)?\s+)?trigger\b/i.test(code)) return false;
  const opened = code.match(/\b(?:begin|case)\b/gi)?.length ?? 0;
  const closed = code.match(/\bend\b/gi)?.length ?? 0;
  return opened > closed;
}
