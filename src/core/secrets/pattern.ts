/** A form of secrets. Its first group, if it has one, stays readable; the rest is the secret. */
export interface SecretPattern {
  /** What it finds. */
  readonly name: string;
  /** Where the form is described: `gitleaks:` and rules of its default list, or documentation. */
  readonly source: string;
  /** Has the global flag. */
  readonly pattern: RegExp;
  /**
   * A quick check for a pattern that begins with any letter, and so is slow to find that there is
   * no match.
   */
  readonly hint?: RegExp;
}

/**
 * Patterns that are tried only on a text that `hint` matches, because most texts hold no secret.
 */
export interface SecretGroup {
  /** Matches every text that one of the patterns matches, also in its JSON form. */
  readonly hint: RegExp;
  readonly patterns: readonly SecretPattern[];
}
