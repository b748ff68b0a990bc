import type { Readable, Writable } from 'node:stream';
import type { Transport } from '@modelcontextprotocol/server';
import { StdioServerTransport, serveStdio as serveProtocol } from '@modelcontextprotocol/server/stdio';
import { createMcpServer } from './create-mcp-server.ts';
import type { ToolContext } from './tool.ts';

export interface StdioOptions extends ToolContext {
  readonly input: Readable;
  /** Gets messages of the protocol, and nothing else. */
  readonly output: Writable;
  /** Ends the service, as the end of the input does. */
  readonly signal: AbortSignal;
  /** What the client sent that is no message, or what could not be sent to it. */
  readonly onProblem: (error: Error) => void;
}

/** Serves one client until its input ends or the signal aborts, and everything it asked is answered. */
export async function serveStdio({
  input,
  output,
  signal,
  onProblem,
  ...context
}: StdioOptions): Promise<void> {
  const transport = createDraining(new StdioServerTransport(input, output));
  const handle = serveProtocol(() => createMcpServer(context), {
    transport,
    maxSubscriptions: 0,
    onerror: onProblem,
  });
  await new Promise<void>((resolve) => {
    for (const event of ['end', 'close', 'error']) input.once(event, () => resolve());
    output.once('error', () => resolve());
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted || input.readableEnded) resolve();
  });
  if (!signal.aborted) await transport.drained();
  await handle.close();
}

interface DrainingTransport extends Transport {
  /** Resolves when every request is answered, or nobody can be answered any more. */
  drained(): Promise<void>;
}

/** A pipe such as `printf … | telltale mcp` ends its input before it has its answers. */
function createDraining(inner: StdioServerTransport): DrainingTransport {
  const open = new Set<unknown>();
  let whenDrained: (() => void) | undefined;
  const settle = (id: unknown): void => {
    open.delete(id);
    if (open.size === 0) whenDrained?.();
  };
  const outer: DrainingTransport = {
    async start() {
      inner.onmessage = (message) => {
        if ('method' in message && 'id' in message) open.add(message.id);
        // The protocol answers no request that was called off.
        if ('method' in message && message.method === 'notifications/cancelled')
          settle((message.params as { requestId?: unknown } | undefined)?.requestId);
        outer.onmessage?.(message);
      };
      inner.onerror = (error) => outer.onerror?.(error);
      inner.onclose = () => {
        whenDrained?.();
        outer.onclose?.();
      };
      await inner.start();
    },
    async send(message) {
      try {
        await inner.send(message);
      } finally {
        if (!('method' in message)) settle(message.id);
      }
    },
    close: () => inner.close(),
    drained: () =>
      new Promise((resolve) => {
        whenDrained = resolve;
        if (open.size === 0) resolve();
      }),
  };
  return outer;
}
