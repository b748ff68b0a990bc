/**
 * A quoted value. The quotes may be escaped, as in JSON within JSON; the closing one may be cut
 * off.
 */
export const QUOTED = String.raw`\\?"[^"\n]+"?|\\?'[^'\n]+'?`;
/** The characters that end a value without quotes. */
export const END = String.raw`\s"'&,;)}\]\\`;
export const BARE = `[^${END}]+`;
/** Mixed letters and digits, or a long text: not a word of a sentence. */
export const STRONG = `(?=[^${END}]{0,100}\\d)(?=[^${END}]{0,100}[A-Za-z])[^${END}]{6,}|[^${END}]{24,}`;
/** Long, and mixed: not a word, not a number, not the name of a thing. */
export const LONG = `(?=[^${END}]{0,40}\\d)(?=[^${END}]{0,40}[A-Za-z])[^${END}]{16,}`;
/**
 * A word with nothing after it on its line: matches "password: letmein", not "Invalid password:
 * must be longer".
 */
export const ALONE = String.raw`[^${END}]{1,64}(?=$|[\r\n"'&,;)}\]\\]|\s{1,5}$)`;
/** A colon or an equals sign as people write it, but no other operator such as == or =>. */
export const STATED = String.raw`\s{0,5}[=:]\s{0,5}(?![=:>~])`;
/** What comes between a name and its value in the notation of programs: `":`, `=`, `', '`. */
export const WRITTEN = String.raw`(?:\\?["']\s{0,5}[=:]\s{0,5}|=(?![=>~]))`;
