import type { AddressInfo } from 'node:net';
import Anthropic from '@anthropic-ai/sdk';
import * as ai from 'ai';
import { MockLanguageModelV3 } from 'ai/test';
import express from 'express';
import { createClient } from 'graphql-ws';
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import * as aiSdk from '../../client/src/ai-sdk.ts';
import * as anthropic from '../../client/src/anthropic.ts';
import * as expressMiddleware from '../../client/src/express.ts';
import * as client from '../../client/src/node.ts';
import * as openai from '../../client/src/openai.ts';
import { createQueries, type Queries, type QueryOptions } from '../../client/src/query.ts';
import { blocksOf } from '../end-to-end/support/readme.ts';
import { describeOneDatabase } from '../support/databases.ts';
import { startApp, type TestApp } from '../support/start-app.ts';

const IMPORT = /^import (\{[^}]+\}|\w+) from '([^']+)';.*$/gm;
const blocks = blocksOf('client/README.md');
const scripts = blocks.filter(({ kind }) => kind === 'js').map(({ text }) => text);

type Scope = Readonly<Record<string, unknown>>;
type AsyncFunctionOf = new (...texts: string[]) => (...values: unknown[]) => Promise<Scope>;
const AsyncFunction = (async () => undefined).constructor as AsyncFunctionOf;

describeOneDatabase("the client's README", (database) => {
  let app: TestApp;
  const printed: unknown[] = [];
  const opened: Queries[] = [];
  let modules: Readonly<Record<string, Scope>>;
  beforeAll(async () => {
    app = await startApp({ database });
    modules = {
      '@telltale/client': client,
      '@telltale/client/openai': openai,
      '@telltale/client/anthropic': anthropic,
      '@telltale/client/ai-sdk': aiSdk,
      '@telltale/client/express': expressMiddleware,
      '@telltale/client/query': { createQueries: openQueries },
      'graphql-ws': { createClient },
      openai: { default: OpenAI },
      '@anthropic-ai/sdk': { default: Anthropic },
      express: { default: express },
      ai: { ...ai },
    };
  });
  afterAll(() => app[Symbol.asyncDispose]());

  function openQueries(options: QueryOptions): Queries {
    const queries = createQueries({ ...options, webSocketImpl: WebSocket });
    opened.push(queries);
    return queries;
  }

  /** Runs a block after those before it, and returns its declarations and theirs. */
  async function runBlock(text: string, scope: Scope): Promise<Scope> {
    const body = text
      .replaceAll('http://127.0.0.1:4000', new URL(app.url).origin)
      .replace(IMPORT, (_line, names, from) =>
        names.startsWith('{')
          ? `const ${names} = modules['${from}'];`
          : `const ${names} = modules['${from}'].default;`,
      )
      .replace(/^export default/m, 'const worker =');
    const declared = [...body.matchAll(/^const (\w+)/gm)].map(([, name = '']) => name);
    const given = { ...scope, modules, console: { log: (value: unknown) => printed.push(value) } };
    const names = Object.keys(given).filter((name) => !declared.includes(name));
    const run = new AsyncFunction(...names, `${body}\nreturn { ${declared.join(', ')} };`);
    return { ...scope, ...(await run(...names.map((name) => given[name as keyof typeof given]))) };
  }

  it('works as written, block by block', async () => {
    vi.stubEnv('OPENAI_API_KEY', 'none');
    vi.stubEnv('ANTHROPIC_API_KEY', 'none');
    const [send = '', context = '', ...others] = scripts;
    const asks = others.findIndex((text) => text.includes('@telltale/client/query'));
    const [ask = ''] = others.splice(asks, 1);
    let scope: Scope = { openaiProvider: () => new MockLanguageModelV3() };
    for (const text of [send, context, ...others]) scope = await runBlock(text, scope);
    expect(others).toHaveLength(5);

    const shown = blocks[blocks.findIndex(({ text }) => text === send) + 1]?.text ?? '';
    expect(printed).toEqual([JSON.parse(shown.replaceAll(/(\w+):/g, '"$1":'))]);
    const { telltale, openai: observed, anthropic: observedToo, model } = scope as unknown as Declared;
    expect([observed, observedToo]).toEqual([expect.any(OpenAI), expect.any(Anthropic)]);
    await model.doGenerate({ prompt: [] } as never).catch(() => undefined);
    await requestOf(scope as unknown as Declared);
    await useWorker(scope as unknown as Declared, app.url);
    await telltale.flush();
    const stored = await app.query(`{
      llmCalls { totalCount } toolCalls { totalCount } errorLogs { totalCount }
      requestLogs { nodes { endpoint } } ada: llmCalls(filter: { endUser: { eq: "ada" } }) { nodes { requestId tags } }
    }`);
    expect(stored).toEqual({
      // Calls of the first block, in a context, of the AI SDK, and of the Worker.
      ...{ llmCalls: { totalCount: 4 }, toolCalls: { totalCount: 1 }, errorLogs: { totalCount: 1 } },
      requestLogs: { nodes: [{ endpoint: '/shops/:id' }] },
      ada: { nodes: [{ requestId: 'r-1', tags: { team: 'search' } }] },
    });

    // The last block listens until it is stopped.
    printed.length = 0;
    const listening = runBlock(ask, scope);
    await app.waitForSubscriptions(1);
    telltale.llmCall({ provider: 'openai', model: 'seen-live', latencyMs: 1 });
    await telltale.close();
    await expect.poll(() => printed).toHaveLength(2);
    expect(printed).toEqual([{ llmCalls: { totalCount: 4 } }, { model: 'seen-live', cost: null }]);
    for (const queries of opened) await queries.close();
    await listening;
  });
});

interface Declared {
  readonly telltale: client.Telltale;
  readonly openai: OpenAI;
  readonly anthropic: Anthropic;
  readonly model: { doGenerate(options: never): Promise<unknown> };
  readonly app: express.Express;
  readonly worker: { fetch(request: Request, env: object, ctx: object): Promise<Response> };
}

async function requestOf({ app }: Declared): Promise<void> {
  const server = app.listen(0);
  const { port } = server.address() as AddressInfo;
  expect(await (await fetch(`http://127.0.0.1:${port}/shops/7`)).json()).toEqual({ id: '7' });
  await new Promise((resolve) => server.close(resolve));
}

async function useWorker({ worker }: Declared, url: string): Promise<void> {
  const promises: Promise<unknown>[] = [];
  const ctx = { waitUntil: (promise: Promise<unknown>) => promises.push(promise) };
  const response = await worker.fetch(new Request('http://worker'), { TELLTALE_URL: url }, ctx);
  expect(await response.text()).toBe('ok');
  await Promise.all(promises);
}
