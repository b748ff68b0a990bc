import type { Readable, Writable } from 'node:stream';
import { StdioServerTransport, serveStdio as serveProtocol } from '@modelcontextprotocol/server/stdio';
import { createMcpServer } from './create-mcp-server.ts';
import type { ToolContext } from './tool.ts';

export interface StdioOptions extends ToolContext {
  readonly input: Readable;
  /** Receives only messages of the protocol. */
  readonly output: Writable;
  /** Ends the service, as the end of the input does. */
  readonly signal: AbortSignal;
  /** Receives invalid messages from the client, and failures to send to it. */
  readonly onProblem: (error: Error) => void;
}

/**
 * Serves one client until its input ends or the signal aborts. Requests in progress then get no
 * answer, as the protocol specifies.
 */
export async function serveStdio({
  input,
  output,
  signal,
  onProblem,
  ...context
}: StdioOptions): Promise<void> {
  const transport = new StdioServerTransport(input, output);
  const handle = serveProtocol(() => createMcpServer(context), {
    transport,
    maxSubscriptions: 0,
    onerror: onProblem,
  });
  const close = () => void handle.close();
  await new Promise<void>((resolve) => {
    const { onclose } = transport;
    transport.onclose = () => {
      onclose?.();
      resolve();
    };
    signal.addEventListener('abort', close);
    if (signal.aborted) close();
  });
  signal.removeEventListener('abort', close);
}
