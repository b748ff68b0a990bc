/**
 * The first characters of a cell that spreadsheets take for a formula, as OWASP lists them ("CSV
 * Injection"): = + - @, a tab and line breaks, and the wide forms of the four.
 */
const FORMULA = /^'*[=+\-@\t\r\n＝＋－＠]/;
const ESCAPED = /^'+[=+\-@\t\r\n＝＋－＠]/;

/**
 * Puts an apostrophe before text that a spreadsheet would take for a formula, and before text that
 * looks as if this had been done. So `unescapeFormula` gives back every text.
 */
export const escapeFormula = (text: string): string => (FORMULA.test(text) ? `'${text}` : text);

/** Removes the apostrophe of `escapeFormula`. */
export const unescapeFormula = (text: string): string => (ESCAPED.test(text) ? text.slice(1) : text);
