import { PassThrough } from 'node:stream';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { createHttpAsker } from '../../../src/commands/mcp/http-asker.ts';
import { serveStdio } from '../../../src/mcp/serve-stdio.ts';

/** The answer of a tool. */
export interface ToolResult {
  readonly isError: boolean;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into by matchers
  readonly structured: any;
}

/** An agent, which is the client of the SDK. */
export interface Agent extends AsyncDisposable {
  readonly client: Client;
  call(tool: string, args?: Record<string, unknown>): Promise<ToolResult>;
}

/** The versions of the protocol: with a handshake, or one request at a time. */
export type Era = 'legacy' | 'modern';

function createClient(era: Era): Client {
  const options = era === 'modern' ? { versionNegotiation: { mode: 'auto' as const } } : {};
  return new Client({ name: 'tests', version: '1.0.0' }, options);
}

export const mcpUrl = ({ url }: { readonly url: string }): URL => new URL('/mcp', url);

/** Connects by streamable HTTP. */
export async function connectHttp(
  running: { readonly url: string },
  headers: Record<string, string> = {},
  era: Era = 'legacy',
): Promise<Agent> {
  const client = createClient(era);
  await client.connect(new StreamableHTTPClientTransport(mcpUrl(running), { requestInit: { headers } }));
  return agentOf(client, () => client.close());
}

/**
 * Connects to the service of `telltale mcp` by its streams, in this process.
 *
 * @param url the GraphQL endpoint that it asks
 */
export async function connectStdio(
  url: string,
  headers: Record<string, string> = {},
  era: Era = 'legacy',
): Promise<Agent> {
  const [toServer, toClient] = [new PassThrough(), new PassThrough()];
  const served = serveStdio({
    asker: createHttpAsker(url, headers),
    input: toServer,
    output: toClient,
    signal: new AbortController().signal,
    onUnexpected: String,
    onProblem(error) {
      throw error;
    },
  });
  const client = createClient(era);
  // The lines are the same in both directions.
  await client.connect(new StdioServerTransport(toClient, toServer));
  return agentOf(client, async () => {
    await client.close();
    toServer.end();
    await served;
  });
}

export function agentOf(client: Client, close: () => Promise<void>): Agent {
  return {
    client,
    async call(tool, args = {}) {
      const {
        isError = false,
        content,
        structuredContent,
      } = await client.callTool({
        name: tool,
        arguments: args,
      });
      const [first] = content as readonly { readonly text: string }[];
      return { isError, text: first?.text ?? '', structured: structuredContent };
    },
    [Symbol.asyncDispose]: close,
  };
}
