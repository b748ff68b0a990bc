/**
 * What is known about the events of coding agents, however they come: by OTLP, or from the files that the
 * agents keep. The same event has the same id on both ways, so it is stored once.
 */
import { derivedId } from './ids.ts';

/**
 * Ids are unique within a project, and a sender need not know its name. So the project is no part of
 * them.
 */
const idOf = (dataset: string, ...key: readonly (string | number)[]): string =>
  derivedId('', dataset, JSON.stringify(key));

/** Ids of Claude Code's events. */
export const claudeCodeIds = {
  /** @param request the id that the API gave to the request, such as "req_…" */
  call: (request: string): string => idOf('llmCalls', 'claude-code', request),
  /** @param toolUse the id of the call of a tool, such as "toolu_…" */
  tool: (toolUse: string): string => idOf('toolCalls', 'claude-code', toolUse),
  /** @param prompt the id of the prompt that a person wrote */
  prompt: (prompt: string): string => idOf('agentUsage', 'claude-code', 'PROMPTS', prompt),
  /** @param request the id that the API gave to the request that failed */
  error: (request: string): string => idOf('errorLogs', 'claude-code', request),
};

/** The tokens of one response, as OpenAI counts them: cached ones are part of the input. */
export interface ResponseTokens {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
  readonly reasoning: number;
}

/** Ids of Codex's events. */
export const codexIds = {
  /**
   * Codex names no request. Its tokens name it well enough: the context of a conversation grows with
   * each response, so no two responses have the same four counts.
   */
  call: (conversation: string, { input, cached, output, reasoning }: ResponseTokens): string =>
    idOf('llmCalls', 'codex', conversation, input, cached, output, reasoning),
  /** @param call the id of the call of a tool, such as "call_…" */
  tool: (call: string): string => idOf('toolCalls', 'codex', call),
};

/** The id of another event of a coding agent, by what names it among the events of its dataset. */
export const agentEventId = (dataset: string, agent: string, ...key: readonly string[]): string =>
  idOf(dataset, agent, ...key);

/** A tool, and the MCP server that offers it; null for tools of the agent itself. */
export interface ToolName {
  readonly tool: string;
  readonly mcpServer: string | null;
}

/** Reads the name of a tool: "mcp__github__create_issue" is `create_issue` of the server `github`. */
export function parseToolName(name: string): ToolName {
  const [, mcpServer, tool] = /^mcp__(.+?)__(.+)$/.exec(name) ?? [];
  return mcpServer === undefined || tool === undefined
    ? { tool: name, mcpServer: null }
    : { tool, mcpServer };
}
