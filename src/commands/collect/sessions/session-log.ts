import type { Event } from '../../import/events.ts';

/** Where an agent worked. */
export interface Workspace {
  readonly cwd?: string | undefined;
  readonly branch?: string | undefined;
  /** The URL of the repository, if the agent wrote it down. Otherwise git is asked in `cwd`. */
  readonly remote?: string | undefined;
}

/** The names of the datasets that sessions become events of. */
export const SESSION_DATASETS = [
  'llmCalls',
  'toolCalls',
  'agentUsage',
  'agentActivities',
  'errorLogs',
] as const;
export type SessionDataset = (typeof SESSION_DATASETS)[number];

/** Receives what is read. */
export interface Findings {
  /**
   * An event, as the mutation of its dataset takes it but without tags, which come from the
   * workspace.
   */
  event(dataset: SessionDataset, event: Event, workspace: Workspace): void;
  /** What is wrong with the current line, such as "not JSON". Problems of one kind are counted. */
  problem(kind: string): void;
}

/** A JSON object of a line. */
export type Line = Readonly<Record<string, unknown>>;

export interface LogOptions {
  /** The agent that events name. */
  readonly agent: string;
  /** Whether the text of prompts becomes events, too. Otherwise no text of a session does. */
  readonly prompts: boolean;
}

/** A file as it is read, line after line. */
export interface SessionReading<State> {
  /** What is known from the lines before. Reading a line changes it. */
  readonly state: State;
  readonly findings: Findings;
  readonly options: LogOptions;
}

/**
 * A kind of file that a coding agent writes, one line of JSON at a time. `State` is what must be
 * known of the previous lines to understand the next one. It is kept as JSON, so that reading can
 * continue where it ended.
 */
export interface SessionLog<State> {
  /** The name of the agent, such as "codex". */
  readonly name: string;
  /** What people call it, such as "Codex". */
  readonly title: string;
  /** The variable with the agent's own folder. */
  readonly homeVariable: string;
  /** The agent's own folders within that of the user, used if no other is named. */
  readonly homes: readonly string[];
  /** The folders with sessions in its own folder. */
  readonly folders: readonly string[];
  /** Whether the file in these folders is a session. */
  isSession(file: string): boolean;
  begin(): State;
  /**
   * The service that events come from: the name by which the agent calls itself in its telemetry.
   */
  service(state: State): string;
  read(reading: SessionReading<State>, line: Line): void;
  /**
   * Completes what was waiting for further lines. Returns whether something still waits.
   *
   * @param quietMs for how long the file has not changed
   */
  settle(reading: SessionReading<State>, quietMs: number): boolean;
}
