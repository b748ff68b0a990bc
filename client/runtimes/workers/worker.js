// A Worker as the README of the client writes it: one client for each request, which `waitUntil` lets send.
import { createTelltale } from '@telltale/client';
import { telltaleHono } from '@telltale/client/hono';
import { Hono } from 'hono';

const open = (env, ctx) =>
  createTelltale({
    url: env.TELLTALE_URL,
    apiKey: env.TELLTALE_KEY,
    service: env.SERVICE,
    waitUntil: ctx.waitUntil.bind(ctx),
  });
const call = { provider: 'openai', latencyMs: 1 };

const app = new Hono();
app.use((context, next) => {
  context.set('telltale', open(context.env, context.executionCtx));
  return telltaleHono(context.get('telltale'))(context, next);
});
app.get('/shops/:id', async (context) => {
  const telltale = context.get('telltale');
  telltale.llmCall({ ...call, model: 'at once' });
  await new Promise((resolve) => setTimeout(resolve, 1));
  telltale.llmCall({ ...call, model: 'after an await' });
  return context.text('ok');
});
app.get('/many', (context) => {
  for (let number = 0; number < 200; number++)
    context.get('telltale').llmCall({ ...call, model: 'one of many' });
  return context.text('ok');
});
app.get('/fault', () => {
  throw new RangeError('too far');
});

app.onError((_error, context) => context.text('broken', 500));

export default app;
