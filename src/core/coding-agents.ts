/**
 * What is known about the events of coding agents, however they arrive: by OTLP, or from the files
 * that the agents keep. The same event has the same id either way, so it is stored once.
 */
import { derivedId } from './ids.ts';

/**
 * Ids are unique within a project, and a sender need not know the project's name. So the project is
 * not part of them.
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
   * Codex does not name its requests, but the token counts identify them well enough: the context
   * of a conversation grows with each response, so no two responses have the same four counts.
   */
  call: (conversation: string, { input, cached, output, reasoning }: ResponseTokens): string =>
    idOf('llmCalls', 'codex', conversation, input, cached, output, reasoning),
  /**
   * Some providers give ids that may occur in another conversation, too.
   *
   * @param call the id of the call of a tool, such as "call_…"
   */
  tool: (conversation: string, call: string): string => idOf('toolCalls', 'codex', conversation, call),
};

/**
 * The id of another event of a coding agent, from whatever identifies it among the events of its
 * dataset.
 */
export const agentEventId = (dataset: string, agent: string, ...key: readonly string[]): string =>
  idOf(dataset, agent, ...key);

/**
 * The MCP server that offers a tool, taken from the name of the tool: "github" for
 * "mcp__github__create_issue". Undefined for the agent's own tools.
 */
export const mcpServerOf = (tool: string): string | undefined => /^mcp__(.+?)__./.exec(tool)?.[1];
