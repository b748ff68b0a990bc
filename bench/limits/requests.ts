import { join } from 'node:path';
import { END } from '../analytics/rows.ts';
import { makeCallInputs } from '../lib/call-input.ts';
import { createDatabase } from '../lib/database.ts';
import { post } from './post.ts';
import { startShippedServer } from './shipped-server.ts';

/** As many requests as `callsOfRequests` selects. */
const REQUESTS = 390;
const MAX_CALLS = 500;
const RECORD = `mutation ($requests: [RequestLogInput!]!, $calls: [LlmCallInput!]!) {
  recordRequestLogs(input: $requests) { accepted }
  recordLlmCalls(input: $calls) { accepted }
}`;

/** Makes a database with 390 requests, and this many calls made by them; at most 500 each. */
export async function requestsDatabase(folder: string, calls: number): Promise<string> {
  const file = join(folder, 'requests.db');
  await createDatabase(file);
  const server = await startShippedServer(file, { now: END, environment: { COLUMN_STORE: 'off' } });
  const perRequest = Math.min(Math.floor(calls / REQUESTS), MAX_CALLS);
  const inputs = makeCallInputs(perRequest, 7, END);
  const timestamp = new Date(END - 60_000).toISOString();
  try {
    for (let number = 0; number < REQUESTS; number++) {
      const requestId = `request-${number}`;
      const answer = await post(server.url, RECORD, {
        variables: {
          requests: [
            { requestId, timestamp, endpoint: '/chat', method: 'POST', statusCode: 200, latencyMs: 900 },
          ],
          calls: inputs.map((call) => ({ ...call, requestId })),
        },
      });
      if (answer !== 'answered') throw new Error(answer);
    }
  } finally {
    await server.stop();
  }
  return file;
}
