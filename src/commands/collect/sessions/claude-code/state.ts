import type { Line, SessionReading, Workspace } from '../session-log.ts';
import { known, textAt } from '../values.ts';

export type ClaudeCodeReading = SessionReading<ClaudeCodeState>;

/** A line, and what all of its events have in common. */
export interface TimedLine {
  readonly line: Line;
  /** In milliseconds since 1970. */
  readonly at: number;
  readonly origin: Origin;
}

/** What identifies a line; a copy of the line has the same key. */
export const keyOf = ({ line, at }: TimedLine): string => textAt(line, 'uuid') ?? String(at);

/** Who did something, where, and with which version. All events of a line have it in common. */
export interface Origin {
  readonly sessionId?: string | undefined;
  readonly agentId: string;
  readonly requestId?: string | undefined;
  readonly version?: string | undefined;
  /** Which of the subagents it was. */
  readonly subagent?: string | undefined;
  readonly workspace: Workspace;
}

/** An answer of the model, which is written as several lines with the same id. */
export interface PendingAnswer {
  readonly origin: Origin;
  /** The id of the API's request, or otherwise of its message. */
  readonly call: string;
  readonly model: string;
  readonly serviceTier?: string | undefined;
  readonly cost?: number | undefined;
  /**
   * The largest counts of all lines. Lines written while the answer was still coming have smaller
   * counts.
   */
  readonly tokens: Readonly<Record<TokenCount, number>>;
  /** Why the model stopped. Known with the last lines. */
  readonly finishReason?: string | undefined;
  readonly tools: readonly string[];
  /** The time of the last line, in milliseconds since 1970. */
  readonly at: number;
}

export const TOKEN_COUNTS = [
  'input_tokens',
  'cache_read_input_tokens',
  'cache_creation_input_tokens',
  'output_tokens',
] as const;
export type TokenCount = (typeof TOKEN_COUNTS)[number] | 'thinking_tokens' | 'ephemeral_1h_input_tokens';

/** A call of a tool whose result is not known yet. */
export interface PendingTool {
  readonly name: string;
  readonly at: number;
}

export interface ClaudeCodeState {
  /** Whether the beginning of the session is recorded. */
  hasBegun: boolean;
  /** The id of the last prompt. What follows belongs to it. */
  prompt?: string | undefined;
  /** By the id of the message; the one that changed last comes last. */
  readonly answers: Record<string, PendingAnswer>;
  readonly tools: Record<string, PendingTool>;
}

/** The parts of an origin that have no column. */
export const attributesOf = ({ version, subagent }: Origin): Line => known({ version, subagent });

/** The origin of a line. What a subagent does belongs to a separate agent. */
export function originOf({ state, options: { agent } }: ClaudeCodeReading, line: Line): Origin {
  return {
    sessionId: textAt(line, 'sessionId'),
    agentId: line['isSidechain'] === true ? `${agent}/subagent` : agent,
    requestId: textAt(line, 'promptId') ?? state.prompt,
    version: textAt(line, 'version'),
    subagent: textAt(line, 'agentId'),
    workspace: known({ cwd: line['cwd'], branch: textAt(line, 'gitBranch') }),
  };
}

/** Keeps at most `most` entries, and drops the first ones. */
export function bound<Value>(entries: Record<string, Value>, most: number): Value[] {
  const names = Object.keys(entries);
  return names.slice(0, Math.max(0, names.length - most)).flatMap((name) => {
    const value = entries[name];
    delete entries[name];
    return value === undefined ? [] : [value];
  });
}
