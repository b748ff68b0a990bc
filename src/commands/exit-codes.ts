/**
 * The exit codes of `telltale`, by what a script or a person has to do next. They never change.
 * `docs/cli.md` lists them. A second Ctrl-C ends a command with 130, as the shell has it.
 */
export const EXIT_CODES = {
  done: 0,
  /** An unexpected error, with its stack: report it. */
  failed: 1,
  /** A wrong command, flag, value or file of the caller. */
  usage: 2,
  /** A variable of the environment is wrong. */
  configuration: 3,
  /** The database, the server, the port or the disk cannot be used now: try again, or repair it. */
  unavailable: 4,
  /** The command did its work, and what it reports is not in order. */
  problems: 5,
  /** The command would do harm as things are, and did nothing. */
  refused: 6,
} as const;

export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];
