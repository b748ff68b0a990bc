// What a page of another origin than the server does with the client. The test opens it in a browser.
import { createTelltale } from '@telltale/client';

const { url, apiKey } = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
const problems = [];
const open = (options) =>
  createTelltale({ url, apiKey, service: 'page', onError: (problem) => problems.push(problem), ...options });
const call = { provider: 'openai', latencyMs: 1 };

/** `count` calls, told by their model, each with about so many bytes. */
function record(telltale, { model, count, bytes = 0 }) {
  const attributes = { text: 'x'.repeat(bytes) };
  for (let number = 0; number < count; number++) telltale.llmCall({ ...call, model, attributes });
}

globalThis.page = { problems, open, record };
