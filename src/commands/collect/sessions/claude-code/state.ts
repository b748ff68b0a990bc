import type { Line, SessionReading, Workspace } from '../session-log.ts';
import { known, textAt } from '../values.ts';

export type ClaudeCodeReading = SessionReading<ClaudeCodeState>;

/** A line, and what is the same for all events of it. */
export interface TimedLine {
  readonly line: Line;
  /** In milliseconds since 1970. */
  readonly at: number;
  readonly origin: Origin;
}

/** What names a line: the same in a copy of it. */
export const keyOf = ({ line, at }: TimedLine): string => textAt(line, 'uuid') ?? String(at);

/** Who did something, where, and with which version: the same for all events of a line. */
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
  /** The id of the API's request, or else of its message. */
  readonly call: string;
  readonly model: string;
  readonly serviceTier?: string | undefined;
  readonly cost?: number | undefined;
  /** The largest counts of all lines: those of a line that was written while the answer came are smaller. */
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
  /** Whether the begin of the session is recorded. */
  hasBegun: boolean;
  /** The id of the last prompt: what follows belongs to it. */
  prompt?: string | undefined;
  /** By the id of the message; the one that was changed last is the last. */
  readonly answers: Record<string, PendingAnswer>;
  readonly tools: Record<string, PendingTool>;
}

/** What of an origin has no column. */
export const attributesOf = ({ version, subagent }: Origin): Line => known({ version, subagent });

/** The origin of a line. What a subagent does belongs to an agent of its own. */
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

/** Keeps no more than `most` entries: the first ones go. */
export function bound<Value>(entries: Record<string, Value>, most: number): Value[] {
  const names = Object.keys(entries);
  return names.slice(0, Math.max(0, names.length - most)).flatMap((name) => {
    const value = entries[name];
    delete entries[name];
    return value === undefined ? [] : [value];
  });
}
