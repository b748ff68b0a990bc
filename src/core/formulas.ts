/**
 * The first characters of a cell that spreadsheets take for a formula, as listed by OWASP ("CSV
 * Injection"): = + - @, a tab and line breaks, and the wide forms of the first four.
 */
const FORMULA = /^'*[=+\-@\t\r\n＝＋－＠]/;
const ESCAPED = /^'+[=+\-@\t\r\n＝＋－＠]/;

/**
 * Puts an apostrophe before text that a spreadsheet would take for a formula, and before text that
 * looks as if it were already escaped. So `unescapeFormula` restores every text.
 */
export const escapeFormula = (text: string): string => (FORMULA.test(text) ? `'${text}` : text);

/** Removes the apostrophe of `escapeFormula`. */
export const unescapeFormula = (text: string): string => (ESCAPED.test(text) ? text.slice(1) : text);
