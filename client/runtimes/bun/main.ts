// Events of a process of Bun: a request of Hono, contexts, a full batch, a subscription, the end of
// the process.
import { createTelltale } from '@telltale/client';
import { telltaleHono } from '@telltale/client/hono';
import { createQueries } from '@telltale/client/query';
import { createClient } from 'graphql-ws';
import { Hono } from 'hono';

const { TELLTALE_URL: url = '', TELLTALE_KEY: apiKey, TELLTALE_READ_KEY: readKey } = process.env;
const telltale = createTelltale({ url, apiKey, service: 'bun' });
interface Recorded {
  readonly llmCallRecorded: { readonly model: string };
}
const call = { provider: 'openai', latencyMs: 1 };

const queries = createQueries({ url, apiKey: readKey, createWebSocketClient: createClient });
const seen = (async () => {
  for await (const { llmCallRecorded } of queries.subscribe<Recorded, object>(
    'subscription { llmCallRecorded { model } }',
  )) {
    return llmCallRecorded.model;
  }
})();

const app = new Hono();
app.use(telltaleHono(telltale));
app.get('/shops/:id', async (context) => {
  await Bun.sleep(1);
  telltale.llmCall({ ...call, model: 'within a request' });
  return context.text('ok');
});
const server = Bun.serve({ port: 0, fetch: app.fetch });
await fetch(new URL('/shops/7', server.url));
await server.stop();

// Large enough for gzip.
for (let number = 0; number < 400; number++) telltale.llmCall({ ...call, model: 'one of many' });
const flushed = await telltale.flush();
// The subscription may have begun after the first ones were recorded.
const again = setInterval(() => telltale.llmCall({ ...call, model: 'seen live' }), 200);
const live = typeof (await seen);
clearInterval(again);
await queries.close();
await telltale.flush();
console.log(JSON.stringify({ flushed, live }));
// Nobody waits for this one.
telltale.llmCall({ ...call, model: 'at the end' });
