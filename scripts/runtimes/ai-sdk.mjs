import assert from 'node:assert/strict';
import { join } from 'node:path';
import { run } from '../prepare/run.mjs';

/** The OpenAI provider for each version of the SDK. The tests of CI cover version 6. */
const PROVIDERS = { 5: 2, 7: 4 };

/** The answer of the imitated API, as it is recorded. */
const CALL = {
  ...{
    provider: 'openai',
    model: 'gpt-4o-mini-2024-07-18',
    success: true,
    finishReason: 'stop',
    toolCallCount: 0,
  },
  ...{ promptTokens: 100, completionTokens: 20, cachedPromptTokens: 60, reasoningTokens: 8 },
};

/** @type {import('./runtime.mjs').Runtime} */
export const aiSdk = {
  name: 'ai-sdk',
  packages: [
    'zod@4',
    ...Object.entries(PROVIDERS).flatMap(([version, provider]) => [
      `ai-${version}@npm:ai@${version}`,
      `openai-${version}@npm:@ai-sdk/openai@${provider}`,
    ]),
  ],
  tried: ['ai-5', 'openai-5', 'ai-7', 'openai-7'],
  async run({ folder, server, project }) {
    const env = { TELLTALE_URL: server.url, TELLTALE_KEY: project.key };
    for (const version of Object.keys(PROVIDERS)) {
      const output = await run(process.execPath, [join(folder, 'main.mjs'), version], { env });
      const result = {
        text: 'Hello',
        streamed: 'Hello',
        failed: 'Slow down.',
        sent: 3,
        rejected: 0,
        dropped: 0,
      };
      assert.deepEqual(JSON.parse(output.trim().split('\n').at(-1) ?? ''), { ...result, pending: 0 });
      const { llmCalls = [] } = await project.rows();
      const calls = llmCalls.filter(({ service }) => service === `ai-${version}`);
      const known = (/** @type {Record<string, unknown>} */ call) =>
        Object.fromEntries(
          Object.keys(call)
            .filter((name) => name in CALL)
            .map((name) => [name, call[name]]),
        );
      const [failed, ...answered] = calls.sort((one, other) => Number(one.success) - Number(other.success));
      assert.deepEqual(answered.map(known), [known(CALL), known(CALL)]);
      assert.deepEqual(answered.map(({ streaming }) => streaming).sort(), [false, true]);
      assert.deepEqual([failed?.success, failed?.model], [false, 'gpt-4o-mini']);
    }
    return 'generateText, streamText, a failure, with the provider of OpenAI';
  },
};
