import { codexIds, mcpServerOf } from '../../../../core/coding-agents.ts';
import { isObject } from '../../../../core/is-object.ts';
import type { Line } from '../session-log.ts';
import { known, numberAt, objectAt, textAt, textsOf } from '../values.ts';
import { type CodexReading, originOf, type Timed, workspaceOf } from './state.ts';

/** Calls of tools without a result come from turns that were ended. */
const MAX_TOOLS = 500;
/** A command says how it ended before its output. */
const HEADER = /^[\s\S]{0,400}?(?=\n?Output:|$)/;
const EXIT_CODE = /(?:Process exited with code|Exit code:) (-?\d+)/;
const WALL_TIME = /Wall time:? ([\d.]+) seconds/;
const FAILED = /^Script failed/;
const REJECTED = /^[\w ]{0,40}rejected by user/;
const INTERRUPTED = /^[\w ]{0,40}aborted by user/;

/** Reads a request of the model to call a tool. */
export function readToolCall({ state }: CodexReading, { payload, at }: Timed): void {
  const id = textAt(payload, 'call_id');
  if (id === undefined) return;
  state.tools[id] = { name: nameOf(payload), at };
  state.toolCalls++;
  const [first] = Object.keys(state.tools);
  if (first !== undefined && Object.keys(state.tools).length > MAX_TOOLS) delete state.tools[first];
}

/** The name of an MCP server comes before that of its tool, or is in a field of its own. */
function nameOf(payload: Line): string {
  const name =
    textAt(payload, 'name') ?? (payload['type'] === 'local_shell_call' ? 'local_shell' : 'unknown');
  const namespace = textAt(payload, 'namespace')?.replace(/_+$/, '');
  return namespace?.startsWith('mcp__') ? `${namespace}__${name}` : name;
}

/**
 * Reads the result of a tool, and records its call. Results of copied calls belong to another
 * session.
 */
export function readToolResult(reading: CodexReading, { payload, at }: Timed): void {
  const { state, findings } = reading;
  const id = textAt(payload, 'call_id');
  const call = id === undefined ? undefined : state.tools[id];
  if (id === undefined || call === undefined) {
    if (!state.copying) findings.problem('a tool result whose call is missing');
    return;
  }
  delete state.tools[id];
  if (state.copying) return;
  const { failure, durationMs } = outcomeOf(payload['output']);
  const event = {
    ...originOf(reading),
    id: codexIds.tool(state.session?.id ?? '', id),
    timestamp: new Date(at).toISOString(),
    tool: call.name,
    mcpServer: mcpServerOf(call.name),
    success: failure === null,
    decision: failure === 'rejected' ? 'REJECTED' : undefined,
    durationMs: failure === 'rejected' ? undefined : (durationMs ?? Math.max(0, at - call.at)),
    errorType: failure,
  };
  findings.event('toolCalls', known(event), workspaceOf(state));
}

/** Reads a web search, which has no result of its own. */
export function readWebSearch(reading: CodexReading, { payload, at }: Timed): void {
  const { state, findings } = reading;
  const id = textAt(payload, 'id');
  state.toolCalls++;
  if (id === undefined || state.copying) return;
  const success = payload['status'] !== 'failed';
  const event = {
    ...originOf(reading),
    id: codexIds.tool(state.session?.id ?? '', id),
    timestamp: new Date(at).toISOString(),
    tool: 'web_search',
    success,
    errorType: success ? undefined : 'error',
  };
  findings.event('toolCalls', known(event), workspaceOf(state));
}

interface Outcome {
  /** Null if the tool succeeded. */
  readonly failure: 'rejected' | 'interrupted' | 'error' | null;
  readonly durationMs?: number | undefined;
}

/** How a tool ended: a text, a list of texts, or JSON with the exit code. */
function outcomeOf(output: unknown): Outcome {
  const structured = isObject(output) ? output : parseObject(output);
  if (structured !== null) return structuredOutcome(structured);
  const [header = ''] = HEADER.exec(textsOf(output)) ?? [];
  const exitCode = EXIT_CODE.exec(header)?.[1];
  const seconds = WALL_TIME.exec(header)?.[1];
  const durationMs = seconds === undefined ? undefined : Number(seconds) * 1000;
  if (REJECTED.test(header)) return { failure: 'rejected' };
  if (INTERRUPTED.test(header)) return { failure: 'interrupted', durationMs };
  const failed = FAILED.test(header) || (exitCode !== undefined && Number(exitCode) !== 0);
  return { failure: failed ? 'error' : null, durationMs };
}

function structuredOutcome(output: Line): Outcome {
  const metadata = objectAt(output, 'metadata');
  const exitCode = metadata['exit_code'];
  const seconds = numberAt(metadata, 'duration_seconds');
  const failed =
    (typeof exitCode === 'number' && exitCode !== 0) ||
    output['success'] === false ||
    output['isError'] === true ||
    output['is_error'] === true;
  return { failure: failed ? 'error' : null, durationMs: seconds === undefined ? undefined : seconds * 1000 };
}

/** The object of a JSON text with `metadata`. A tool may have printed any other JSON. */
function parseObject(text: unknown): Line | null {
  if (typeof text !== 'string' || !text.startsWith('{') || !text.includes('"metadata"')) return null;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) && isObject(value['metadata']) ? value : null;
  } catch {
    // A tool printed something that merely begins like JSON.
    return null;
  }
}
