// Calls by both versions of the AI SDK, with the real provider of OpenAI and answers that stand for
// its API.
import { createTelltale } from '@telltale/client';
import { telltaleMiddleware } from '@telltale/client/ai-sdk';

const version = process.argv[2];
const ai = await import(`ai-${version}`);
const { createOpenAI } = await import(`openai-${version}`);
const { TELLTALE_URL: url, TELLTALE_KEY: apiKey } = process.env;
const telltale = createTelltale({ url, apiKey, service: `ai-${version}` });

const usage = {
  prompt_tokens: 100,
  completion_tokens: 20,
  total_tokens: 120,
  prompt_tokens_details: { cached_tokens: 60 },
  completion_tokens_details: { reasoning_tokens: 8 },
};
const about = { id: 'c-1', created: 1_700_000_000, model: 'gpt-4o-mini-2024-07-18' };
const message = { role: 'assistant', content: 'Hello' };
const whole = {
  ...about,
  object: 'chat.completion',
  choices: [{ index: 0, message, finish_reason: 'stop' }],
  usage,
};
const chunk = (choices, more) => ({ ...about, object: 'chat.completion.chunk', choices, ...more });
const chunks = [
  chunk([{ index: 0, delta: { role: 'assistant', content: 'Hel' } }]),
  chunk([{ index: 0, delta: { content: 'lo' } }]),
  chunk([{ index: 0, delta: {}, finish_reason: 'stop' }]),
  chunk([], { usage }),
];

let isDown = false;
const openai = createOpenAI({
  apiKey: 'none',
  async fetch(_url, { body }) {
    if (isDown)
      return Response.json({ error: { message: 'Slow down.', code: 'rate_limit' } }, { status: 429 });
    if (!JSON.parse(body).stream) return Response.json(whole);
    const text = `${chunks.map((part) => `data: ${JSON.stringify(part)}\n\n`).join('')}data: [DONE]\n\n`;
    return new Response(text, { headers: { 'content-type': 'text/event-stream' } });
  },
});
const options = version === '5' ? { version: 'v2' } : {};
const model = ai.wrapLanguageModel({
  model: openai.chat('gpt-4o-mini'),
  middleware: telltaleMiddleware(telltale, options),
});

const { text } = await ai.generateText({ model, prompt: 'Hi' });
let streamed = '';
for await (const part of ai.streamText({ model, prompt: 'Hi' }).textStream) streamed += part;
isDown = true;
const failed = await ai.generateText({ model, prompt: 'Hi', maxRetries: 0 }).catch((error) => error.message);
console.log(JSON.stringify({ text, streamed, failed, ...(await telltale.close()) }));
