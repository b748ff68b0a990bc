import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { type Browser, chromium, type Dialog, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createQueries } from '../../client/src/query.ts';
import { inPackage } from '../../scripts/prepare/paths.mjs';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { startApp, type TestApp } from '../support/start-app.ts';

const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'];

const RECORD = /* GraphQL */ `
  mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }
`;
const failedCall = {
  service: 'browser-test',
  provider: 'openai',
  model: 'gpt-4o',
  success: false,
  errorType: 'rate_limit',
  latencyMs: 4321,
};

if (!existsSync(CHROMIUM)) {
  describe('GraphiQL in a browser', () => {
    it.skip(`needs Chromium at ${CHROMIUM}: install it or set CHROMIUM_PATH`, () => {});
  });
} else {
  let browser: Browser;
  let screenshots: string;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
    screenshots = await mkdtemp(join(tmpdir(), 'telltale-screenshots-'));
  });
  afterAll(() => browser?.close());

  describeEachDatabase('GraphiQL in a browser', (database) => {
    it('works without internet access: lists what is stored and shows events live', async () => {
      await using running = await startApp({ database });
      await running.query(RECORD, { input: [failedCall] });
      await using opened = await openGraphiql(browser, running);
      const { page, outside } = opened;

      await run(page);
      await expectResponse(page, '"llmCalls": 1', '"requests": 0');
      await page.screenshot({ path: join(screenshots, `${database.dialect}-start.png`) });

      await openTab(page, 'LastWeek');
      await run(page);
      await page.getByRole('menuitem', { name: 'SlowestFailedCalls' }).click();
      await expectResponse(page, '"latencyMs": 4321', '"errorType": "rate_limit"', '"totalCount": 1');
      await page.screenshot({ path: join(screenshots, `${database.dialect}-list.png`) });

      await openTab(page, 'LiveCalls');
      await run(page);
      await running.waitForSubscriptions(1);
      await running.query(RECORD, { input: [{ ...failedCall, model: 'seen-live' }] });
      await expectResponse(page, '"llmCallRecorded"', '"model": "seen-live"');
      await page.screenshot({ path: join(screenshots, `${database.dialect}-subscribe.png`) });
      process.stdout.write(`Screenshots: ${screenshots}\n`);

      // A query of the dashboard comes with its project, for queries and for subscriptions.
      await running.query('mutation { createProject(input: { projectId: "shop" }) { project { name } } }');
      const graphiql = new URL('/graphiql?project=shop', running.url);
      graphiql.searchParams.set('query', 'query OfShop { viewer { project { projectId } } }');
      await page.goto(graphiql.href);
      await run(page);
      await expectResponse(page, '"projectId": "shop"');
      graphiql.searchParams.set('query', 'subscription LiveShop { llmCallRecorded { model } }');
      await page.goto(graphiql.href);
      await run(page);
      await running.waitForSubscriptions(1);
      await running.app.services.ingest.record('shop', [
        { dataset: llmCalls, events: [{ ...failedCall, model: 'of-the-shop' }] },
      ]);
      await expectResponse(page, '"model": "of-the-shop"');

      expect(outside).toEqual([]);
    });

    it('asks for the key that the server requires, and sends it with queries and subscriptions', async () => {
      await using running = await startApp({ database });
      await running.query(RECORD, { input: [failedCall] });
      const { text } = await running.app.services.keys.create({ projectId: 'default', scopes: ['READ'] });
      const asked: string[] = [];
      await using opened = await openGraphiql(browser, running, async (dialog) => {
        asked.push(dialog.message());
        await dialog.accept(text);
      });
      const { page } = opened;

      await run(page);
      await expectResponse(page, '"llmCalls": 1', '"requests": 0');
      await openTab(page, 'LiveCalls');
      await run(page);
      await running.waitForSubscriptions(1);
      expect(asked).toEqual(['This server needs an API key with the scope READ:']);
      expect(page.url()).not.toContain('tlt_');
    });

    it('lets a page of another origin record through the client, even while the page closes', async () => {
      await using site = await startSite();
      await using running = await startApp({ database, environment: { CORS_ORIGINS: site.origin } });
      const { services } = running.app;
      const { text: apiKey } = await services.keys.create({ projectId: 'default', scopes: ['INGEST'] });
      const reader = await services.keys.create({ projectId: 'default', scopes: ['READ'] });
      const { query } = createQueries({ url: running.url, apiKey: reader.text });
      const page = await browser.newPage();
      await page.goto(`${site.origin}/#${new URLSearchParams({ url: running.url, apiKey })}`);
      const result = await page.evaluate(`(async () => {
        const telltale = page.open();
        page.record(telltale, { model: 'flushed', count: 50, bytes: 200 });
        const flushed = await telltale.flush();
        page.record(telltale, { model: 'under way', count: 50, bytes: 200 });
        void telltale.flush();
        page.record(telltale, { model: 'waits', count: 2 });
        return { ...flushed, problems: page.problems };
      })()`);
      expect(result).toEqual({ sent: 50, rejected: 0, dropped: 0, pending: 0, problems: [] });
      await page.goto('about:blank');
      // The batch in progress was sent again, and is stored once.
      await expect
        .poll(() => query('{ llmCalls { totalCount } }'))
        .toEqual({ llmCalls: { totalCount: 102 } });
      await page.close();
    });
  });
}

/** A page of another origin, which includes the client. */
async function startSite() {
  const { outputFiles } = await build({
    entryPoints: [inPackage('client', 'runtimes', 'browser', 'page.js')],
    alias: { '@telltale/client': inPackage('client', 'src', 'web.ts') },
    ...{ bundle: true, format: 'esm', write: false, logLevel: 'silent' },
  });
  const html = `<!doctype html><title>A page</title><script type="module">${outputFiles[0]?.text}</script>`;
  const site = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end(html);
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  const { port } = site.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      site.closeAllConnections();
      await new Promise((resolve) => site.close(resolve));
    },
  };
}

/** A page without access to the network outside. The requests that it tried are listed. */
async function openGraphiql(browser: Browser, { url }: TestApp, answer?: (dialog: Dialog) => Promise<void>) {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
  const outside: string[] = [];
  await context.route(
    (asked) => asked.protocol.startsWith('http') && asked.origin !== new URL(url).origin,
    (route) => {
      outside.push(route.request().url());
      return route.abort();
    },
  );
  const page = await context.newPage();
  if (answer !== undefined) page.on('dialog', answer);
  await page.goto(url, { timeout: 60_000 });
  await page.locator('.graphiql-execute-button').waitFor({ timeout: 60_000 });
  return { page, outside, [Symbol.asyncDispose]: () => context.close() };
}

/**
 * Opens another tab, and waits until GraphiQL has read its operation. Until then, GraphiQL would
 * run the previous one by its name.
 */
async function openTab(page: Page, name: string): Promise<void> {
  await page.getByRole('tab', { name }).click();
  await expect
    .poll(() => page.evaluate(() => localStorage.getItem('graphiql:query')))
    .toMatch(new RegExp(`(query|subscription)\\s${name}\\b`));
}

async function run(page: Page): Promise<void> {
  await page.locator('.graphiql-execute-button').click();
}

/**
 * Waits until the response pane contains all the texts. The editor draws spaces as no-break spaces.
 */
async function expectResponse(page: Page, ...texts: string[]): Promise<void> {
  const response = page.locator('.graphiql-response .view-lines');
  for (const text of texts) {
    await expect
      .poll(async () => ((await response.textContent()) ?? '').replaceAll('\u00a0', ' '))
      .toContain(text);
  }
}
