/** What is wrong with a file of the coordination folder. */
export interface CoordinationProblem {
  /** Its name, without the folder. */
  readonly file: string;
  /** What is wrong, in a sentence. */
  readonly message: string;
  /** Epoch milliseconds. */
  readonly since: number;
}

export interface CoordinationStatus {
  /** False if the folder does not exist (yet). */
  readonly watching: boolean;
  /**
   * At most one per file; empty if there are none. The contents of a file with a problem are not
   * recorded.
   */
  readonly problems: readonly CoordinationProblem[];
  /** When the status last changed, in epoch milliseconds. */
  readonly since: number;
}

/**
 * Follows a folder in which agents coordinate: changes of `task-board.json` become task events,
 * lines of `progress-log.md` become activities of agents. Its only memory is the database, so a
 * restart repeats nothing and several instances may follow one folder.
 */
export interface Coordination {
  /** The project that the events belong to. */
  readonly projectId: string;
  status(): CoordinationStatus;
  /** Starts to follow the folder. Failures are logged and shown in the status; it never throws. */
  start(): void;
  /** Resolves when everything that is being recorded is stored and all watchers are closed. */
  stop(): Promise<void>;
}

/** The `service` of the events, which marks them as coming from the folder. */
export const COORDINATION_SERVICE = 'coordination';
export const BOARD_FILE = 'task-board.json';
export const LOG_FILE = 'progress-log.md';
