import { McpServer } from '@modelcontextprotocol/server';
import { packageVersion } from '../storage/package-folder.ts';
import type { Tool, ToolContext } from './tool.ts';
import { describeSchema } from './tools/describe-schema.ts';
import { explainAlert } from './tools/explain-alert.ts';
import { findErrors } from './tools/find-errors.ts';
import { query } from './tools/query.ts';
import { summary } from './tools/summary.ts';
import { topCosts } from './tools/top-costs.ts';

const TOOLS: readonly Tool[] = [summary, topCosts, findErrors, explainAlert, describeSchema, query];

const INSTRUCTIONS =
  'Telltale records what LLM-backed services and coding agents do: requests, model calls with ' +
  'tokens and cost, errors, tasks, commits, health and alerts. All tools are read-only, within the ' +
  'project of the API key. Start with `summary`. `top_costs`, `find_errors` and `explain_alert` ' +
  'answer common questions. For all others, find the fields with `describe_schema`, then use ' +
  '`query`. Times are UTC, costs are USD, shares are from 0 to 1, null means unknown.';

/** A server of the Model Context Protocol, for one caller. It has no state. */
export function createMcpServer(context: ToolContext): McpServer {
  const server = new McpServer(
    { name: 'telltale', title: 'Telltale', version: packageVersion() },
    { capabilities: { tools: { listChanged: false } }, instructions: INSTRUCTIONS },
  );
  for (const tool of TOOLS) tool.addTo(server, context);
  return server;
}
