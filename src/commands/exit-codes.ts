/**
 * The exit codes of `telltale`, by what a script or a person has to do next. They never change. A
 * second Ctrl-C ends a command with 130, as shells do.
 */
export const EXIT_CODES = {
  done: 0,
  failed: 1,
  usage: 2,
  configuration: 3,
  unavailable: 4,
  problems: 5,
  refused: 6,
} as const;

export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

/** The meaning of each exit code, for help and docs/cli.md. */
export const EXIT_CODE_MEANINGS: Readonly<Record<keyof typeof EXIT_CODES, string>> = {
  done: 'The command succeeded.',
  failed: 'An unexpected error, with its stack: report it.',
  usage: 'A command, flag, value or file is wrong: correct it.',
  configuration: 'An environment variable is wrong: change it.',
  unavailable: 'The database, the server, the port or the disk cannot be used now: try again, or repair it.',
  problems: 'The command ran, but found something that is not in order: read its output.',
  refused: 'The command would do harm in the current state, so it did nothing: read why.',
};
