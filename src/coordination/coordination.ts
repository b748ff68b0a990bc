/** What is wrong with a file of the coordination folder. */
export interface CoordinationProblem {
  /** Its name, without the folder. */
  readonly file: string;
  /** A sentence for people. */
  readonly message: string;
  /** Epoch milliseconds. */
  readonly since: number;
}

export interface CoordinationStatus {
  /** False: the folder is not there (yet). */
  readonly watching: boolean;
  /**
   * One per file at most; empty: all is well. What a file with a problem says is not taken over.
   */
  readonly problems: readonly CoordinationProblem[];
  /** Since when it is so, in epoch milliseconds. */
  readonly since: number;
}

/**
 * Follows a folder in which agents coordinate: changes of `task-board.json` become task events,
 * lines of `progress-log.md` activities of agents. What is known is in the database, not here, so a
 * restart repeats nothing and several instances may follow one folder.
 */
export interface Coordination {
  /** The project that the events belong to. */
  readonly projectId: string;
  status(): CoordinationStatus;
  /** Begins to follow. Failures are logged and show in the status; nothing is thrown. */
  start(): void;
  /** Ends what is being recorded, then holds nothing open. */
  stop(): Promise<void>;
}

/** The service that the events are marked with: they came from the folder. */
export const COORDINATION_SERVICE = 'coordination';
export const BOARD_FILE = 'task-board.json';
export const LOG_FILE = 'progress-log.md';
