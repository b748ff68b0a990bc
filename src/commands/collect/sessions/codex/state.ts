import type { Line, SessionReading, Workspace } from '../session-log.ts';
import { known, objectAt, textAt } from '../values.ts';

/** A call of a tool whose result is not known yet. */
export interface PendingTool {
  readonly name: string;
  readonly at: number;
}

export type CodexReading = SessionReading<CodexState>;

/** The payload of a line, and the time of the line in milliseconds since 1970. */
export interface Timed {
  readonly payload: Line;
  readonly at: number;
}

export interface CodexState {
  /** What the first line says; null before it is read. */
  session: CodexSession | null;
  model?: string | undefined;
  cwd?: string | undefined;
  turn?: string | undefined;
  /** While true, lines are copies of what another session did. */
  copying: boolean;
  /** The time of the previous line, in milliseconds since 1970. */
  lastAt: number;
  /** The sum of all tokens at the last response: Codex repeats it when only limits changed. */
  lastTotal?: number | undefined;
  /** Calls of tools since the last response. */
  toolCalls: number;
  readonly tools: Record<string, PendingTool>;
  /**
   * The way in which this file records prompts. If a file uses a second way, that one repeats them.
   */
  promptWay?: string | undefined;
}

export interface CodexSession {
  readonly id: string;
  readonly provider: string;
  /** The program that runs the session, such as "codex_cli_rs". */
  readonly originator: string;
  readonly version?: string | undefined;
  readonly isSubagent: boolean;
  readonly startedAt: number;
  readonly branch?: string | undefined;
  readonly remote?: string | undefined;
}

/** What all events of a session have in common. */
export function originOf({ state: { session, turn }, options: { agent } }: CodexReading): Line {
  return known({
    sessionId: session?.id,
    agentId: session?.isSubagent === true ? `${agent}/subagent` : agent,
    requestId: turn,
    attributes: known({ version: session?.version }),
  });
}

export const workspaceOf = ({ session, cwd }: CodexState): Workspace =>
  known({ cwd, branch: session?.branch, remote: session?.remote });

/**
 * Reads the first line that Codex writes. A copied history also contains the first lines of its
 * sessions.
 */
export function readSession(state: CodexState, payload: Line, at: number): void {
  const id = textAt(payload, 'id');
  if (state.session !== null || id === undefined) return;
  const git = objectAt(payload, 'git');
  state.session = {
    id,
    provider: textAt(payload, 'model_provider') ?? 'openai',
    originator: textAt(payload, 'originator') ?? 'codex',
    version: textAt(payload, 'cli_version'),
    isSubagent:
      payload['thread_source'] === 'subagent' || objectAt(payload, 'source')['subagent'] !== undefined,
    startedAt: at,
    branch: textAt(git, 'branch'),
    remote: textAt(git, 'repository_url'),
  };
  state.cwd = textAt(payload, 'cwd');
}
