import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { Skipped } from './runtime.mjs';
import { startServer } from './server.mjs';

const program = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const flags = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'];

/**
 * Ways for a page to end.
 *
 * @type {Readonly<Record<string, (page: import('playwright-core').Page) => Promise<unknown>>>}
 */
const ENDINGS = {
  'another page': (page) => page.goto('about:blank'),
  'a closed tab': (page) => page.close({ runBeforeUnload: true }),
};

/** @type {import('./runtime.mjs').Runtime} */
export const browser = {
  name: 'browser',
  packages: [],
  tried: [],
  async run({ folder }) {
    if (!existsSync(program))
      throw new Skipped(`needs Chromium at ${program}: install it or set CHROMIUM_PATH`);
    const script = await bundle(folder);
    const [site, stranger] = [await startSite(script), await startSite(script)];
    const server = await startServer({ CORS_ORIGINS: site.origin });
    const opened = await chromium.launch({ executablePath: program, args: flags });
    try {
      const project = await server.project('browser');
      const open = async (/** @type {string} */ origin) => {
        const page = await opened.newPage();
        await page.goto(`${origin}/#${new URLSearchParams({ url: server.url, apiKey: project.key })}`);
        return page;
      };
      const flush = `(async () => {
        const telltale = page.open({ timeoutMs: 3000 });
        page.record(telltale, { model: 'flushed', count: 50, bytes: 200 });
        return { ...(await telltale.flush()), problems: page.problems };
      })()`;
      assert.deepEqual(await (await open(site.origin)).evaluate(flush), {
        ...{ sent: 50, rejected: 0, dropped: 0, pending: 0, problems: [] },
      });
      const refused = await (await open(stranger.origin)).evaluate(flush);
      assert.deepEqual([refused.sent, refused.pending], [0, 50]);
      for (const [model, end] of Object.entries(ENDINGS)) {
        const page = await open(site.origin);
        // The first request is being compressed when the page ends.
        await page.evaluate(`{
          const telltale = page.open();
          page.record(telltale, { model: '${model}', count: 50, bytes: 200 });
          void telltale.flush();
          page.record(telltale, { model: '${model}', count: 3 });
        }`);
        await end(page);
        const isThere = (/** @type {import('./server.mjs').Rows} */ { llmCalls = [] }) =>
          llmCalls.filter((call) => call.model === model).length === 53;
        await project.waitFor(isThere);
      }
      return `Chromium ${opened.version()}: another origin, an origin that is not listed, gzip, the end of a page`;
    } finally {
      await opened.close();
      await server.stop();
      for (const each of [site, stranger]) each.stop();
    }
  },
};

/** @param {string} folder */
async function bundle(folder) {
  const { outputFiles } = await build({
    entryPoints: [join(folder, 'page.js')],
    bundle: true,
    format: 'esm',
    write: false,
    logLevel: 'error',
  });
  return outputFiles[0]?.text ?? '';
}

/** @param {string} script @returns {Promise<{ origin: string; stop: () => void }>} */
async function startSite(script) {
  const site = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end(`<!doctype html><title>A page</title><script type="module">${script}</script>`);
  });
  await new Promise((resolve) => site.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (site.address());
  return { origin: `http://127.0.0.1:${port}`, stop: () => site.close() };
}
