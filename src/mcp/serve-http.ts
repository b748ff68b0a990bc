import { createMcpHandler } from '@modelcontextprotocol/server';
import { createMcpServer } from './create-mcp-server.ts';
import type { ToolContext } from './tool.ts';

/**
 * Answers one request of streamable HTTP, of either era of the protocol. Keeps nothing between
 * requests: there are no sessions, and no streams that stay open.
 */
export async function serveHttp(request: Request, context: ToolContext): Promise<Response> {
  const handler = createMcpHandler(() => createMcpServer(context), { maxSubscriptions: 0 });
  return handler.fetch(request);
}
