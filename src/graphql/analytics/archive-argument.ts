/** The argument `archive` of a question whose scope takes it: `t.arg.boolean(ARCHIVE)`. */
export const ARCHIVE = {
  defaultValue: false,
  description:
    'Whether rows that have expired are read from the archive (RETENTION_ARCHIVE_DIR), where only ' +
    'rows can answer: to group or filter by `finishReason` of last year, for example. It takes ' +
    'longer. `source`, or `extensions.kept` of flat rows, says what the answer covers. A day of which the ' +
    'archive lacks a row is not kept, and what lies before it neither.',
} as const;

/** What a scope takes of it. */
export const archiveOf = (archive: boolean | null | undefined): { readonly archive?: true } =>
  archive === true ? { archive } : {};
