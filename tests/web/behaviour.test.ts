import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestLogs } from '../../src/declarations/traffic/request-logs.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { openNetwork } from '../support/network.ts';
import { startApp, type TestApp } from '../support/start-app.ts';
import {
  type Dashboard,
  launchBrowser,
  openContext,
  openDashboard,
  WITHOUT_BROWSER,
} from './support/dashboard.ts';
import { rowOf } from './support/rows.ts';

const RECORD = /* GraphQL */ `
  mutation ($input: [RequestLogInput!]!) { recordRequestLogs(input: $input) { accepted } }
`;
const CREATE_TOKEN = /* GraphQL */ `
  mutation ($input: CreateReadTokenInput!) { createReadToken(input: $input) { token } }
`;
const RAISE = /* GraphQL */ `
  mutation ($input: RaiseAlertInput!) { raiseAlert(input: $input) { alert { alertId } } }
`;
/** The message about a critical alert stays until it is closed. */
const alertOf = (title: string) => ({ alertId: randomUUID(), title, severity: 'CRITICAL', type: 'SYSTEM' });
const answer = () => ({
  service: 'shop',
  requestId: randomUUID(),
  method: 'GET',
  statusCode: 200,
  latencyMs: 12,
});

if (WITHOUT_BROWSER !== null) {
  describe('the dashboard', () => {
    it.skip(WITHOUT_BROWSER ?? '', () => {});
  });
} else {
  let browser: Browser;
  let context: BrowserContext;
  beforeAll(async () => {
    browser = await launchBrowser();
    context = await openContext(browser);
  });
  afterAll(() => browser?.close());

  describeEachDatabase('the dashboard', (database) => {
    let running: TestApp;
    let dashboard: Dashboard;
    beforeAll(async () => {
      running = await startApp({ database });
      await running.query(RECORD, {
        input: [
          { ...answer(), endpoint: '/cart' },
          { ...answer(), endpoint: '/slow', latencyMs: 2_500, statusCode: 503 },
        ],
      });
      dashboard = await openDashboard(context, running);
    });
    afterAll(async () => {
      await dashboard?.[Symbol.asyncDispose]();
      await running?.[Symbol.asyncDispose]();
    });

    it('consists of its own files, under a strict policy, which browsers keep forever', async () => {
      const { headers, text } = await page(running, '/');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('cache-control')).toBe('no-cache');
      const [script = ''] = /\/assets\/[^"]+[.]js/.exec(text) ?? [];
      const file = await fetch(new URL(script, running.url), { headers: { 'accept-encoding': 'br' } });
      expect(file.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(file.headers.get('content-encoding')).toBe('br');
      expect(text).not.toMatch(/https?:\/\//);
      // Programs receive the same answers as before.
      expect(await (await fetch(new URL('/', running.url))).json()).toMatchObject({ graphql: '/graphql' });
      expect((await fetch(new URL('/nothing', running.url))).status).toBe(404);
    });

    it('keeps filters and ranges in the URL, and restores them from it', async () => {
      const { page: shown, settled, show } = dashboard;
      await show('/requests?range=1h');
      await expect.poll(() => rowOf(shown, 'Requests', '/cart').count()).toBe(1);
      await shown.getByRole('textbox', { name: 'Endpoint contains' }).fill('slow');
      await shown.keyboard.press('Enter');
      await expect.poll(() => shown.url()).toContain('endpoint=slow');
      await expect.poll(() => rowOf(shown, 'Requests', '/cart').count()).toBe(0);
      const view = shown.url();
      await shown.goBack();
      await expect.poll(() => rowOf(shown, 'Requests', '/cart').count()).toBe(1);
      await shown.goto(view);
      await settled();
      await expect.poll(() => rowOf(shown, 'Requests', '/slow').count()).toBe(1);
      expect(await rowOf(shown, 'Requests', '/cart').count()).toBe(0);
    });

    it('zooms where a chart is brushed, and moves through time by keys', async () => {
      const { page: shown, show } = dashboard;
      await show('/services?range=6h');
      const chart = shown.locator('.u-over').first();
      await chart.waitFor();
      await chart.scrollIntoViewIfNeeded();
      const box = await chart.boundingBox();
      if (box === null) throw new Error('The chart is not drawn.');
      await shown.mouse.move(box.x + box.width / 2, box.y + 20);
      await shown.mouse.down();
      await shown.mouse.move(box.x + box.width * 0.9, box.y + 30, { steps: 4 });
      await shown.mouse.up();
      await expect.poll(() => new URL(shown.url()).searchParams.get('range')).toContain('..');
      await shown.goBack();
      await expect.poll(() => new URL(shown.url()).searchParams.get('range')).toBe('6h');
      // The same by keys: the last two buckets, which all charts of the page show during the
      // selection.
      const count = (selector: string) => shown.locator(selector).count();
      await expect
        .poll(async () => Math.min(await count('.u-over'), await count('.chart-brush')))
        .toBeGreaterThan(1);
      // The mouse leaves the chart, where it would point to another instant.
      await shown.mouse.move(2, 2);
      await shown.getByRole('slider').first().focus();
      await shown.keyboard.press('End');
      const instants = () => shown.locator('.chart-tooltip-time').allTextContents();
      await expect.poll(async () => (await instants()).length).toBeGreaterThan(1);
      expect(new Set(await instants()).size).toBe(1);
      await shown.keyboard.press('Shift+ArrowLeft');
      const chosen = await shown.getByRole('slider').first().getAttribute('aria-valuetext');
      expect(chosen).toMatch(/ to /);
      await shown.keyboard.press('Escape');
      await expect.poll(() => shown.locator('.chart-tooltip').count()).toBe(0);
      await shown.keyboard.press('End');
      await shown.keyboard.press('Shift+ArrowLeft');
      await shown.keyboard.press('Enter');
      await expect.poll(() => new URL(shown.url()).searchParams.get('range')).toContain('..');
      await shown.goBack();
      await expect.poll(() => new URL(shown.url()).searchParams.get('range')).toBe('6h');
      await shown.keyboard.press('[');
      await expect.poll(() => new URL(shown.url()).searchParams.get('range')).toContain('..');
      await shown.keyboard.press('g');
      await shown.keyboard.press('r');
      await expect.poll(() => new URL(shown.url()).pathname).toBe('/requests');
      await shown.keyboard.press('?');
      await expect.poll(() => shown.getByRole('dialog').count()).toBe(1);
    });

    it('says that the server is unavailable, keeps showing its data, and continues when it is back', async () => {
      await using network = await openNetwork(running.url);
      // The page asks for the alerts after the newest one that it knows.
      await running.query(RAISE, { input: alertOf('Raised before') });
      await using tail = await openDashboard(context, network, '/live?dataset=requestLogs');
      await using beside = await openDashboard(context, network, '/alerts');
      const { page: shown } = tail;
      const alert = (title: string) => beside.page.getByText(`New alert: ${title}`);
      await beside.settled();
      // The live tail, and the subscriptions of the other page to alerts that are raised and that
      // change.
      await running.waitForSubscriptions(3);
      await running.query(RECORD, { input: [{ ...answer(), endpoint: '/before' }] });
      await expect.poll(() => rowOf(shown, 'Newest events', '/before').count()).toBe(1);

      network.cut();
      await running.waitForSubscriptions(0);
      await expect
        .poll(() => shown.getByText('The server cannot be reached. The data shown').count())
        .toBe(1);
      await running.query(RECORD, { input: [{ ...answer(), endpoint: '/meanwhile' }] });
      await running.query(RAISE, { input: alertOf('Raised meanwhile') });
      network.heal();
      await expect
        .poll(() => shown.getByText('The server cannot be reached. The data shown').count())
        .toBe(0);

      await expect.poll(() => rowOf(shown, 'Newest events', '/meanwhile').count()).toBe(1);
      await running.query(RECORD, { input: [{ ...answer(), endpoint: '/after' }] });
      await expect.poll(() => rowOf(shown, 'Newest events', '/after').count()).toBe(1);
      expect(await rowOf(shown, 'Newest events', '/before').count()).toBe(1);
      await expect.poll(() => alert('Raised meanwhile').count()).toBe(1);
      await running.query(RAISE, { input: alertOf('Raised after') });
      await expect.poll(() => alert('Raised after').count()).toBe(1);
    });

    it('shows a panel in a frame of another page, with the rows that a read token opens', async () => {
      const { createReadToken } = await running.query<{ createReadToken: { token: string } }>(CREATE_TOKEN, {
        input: { datasets: ['requestLogs'], filter: { endpoint: { eq: '/slow' } } },
      });
      const panel = {
        title: 'Slow ones',
        kind: 'STAT',
        dataset: 'requestLogs',
        measures: ['count', 'latencyMs.max'],
      };
      const address = new URL(`/embed?panel=${encodeURIComponent(JSON.stringify(panel))}`, running.url).href;
      const other = await context.newPage();
      const frame = other.frameLocator('iframe');
      // A page of another site: a browser lets only local pages show local ones.
      let token = createReadToken.token;
      const frameOf = () => `<iframe src="${address}#token=${token}" width="600" height="300"></iframe>`;
      const site = createServer((_, response) =>
        response.setHeader('content-type', 'text/html').end(frameOf()),
      );
      site.listen(0, '127.0.0.1');
      await once(site, 'listening');
      const { port } = site.address() as AddressInfo;
      await other.goto(`http://127.0.0.1:${port}/`);
      // One of the three requests succeeds, because the token does not open the others.
      await expect.poll(() => frame.locator('.stat', { hasText: 'count' }).textContent()).toBe('count1');
      expect(await frame.locator('.stat', { hasText: 'latencyMs.max' }).textContent()).toContain('2.5');
      token = 'wrong';
      await other.reload();
      await expect.poll(() => frame.getByText('This link has expired').count()).toBe(1);
      // No other page may be shown in a frame.
      expect((await page(running, '/requests')).headers.get('content-security-policy')).toContain(
        "frame-ancestors 'none'",
      );
      await other.close();
      site.close();
    });

    it('asks for the key of a server that accepts only trusted documents, and keeps it out of the URL', async () => {
      await using manifest = await emptyManifest();
      const environment = { TRUSTED_DOCUMENTS: manifest.path, TRUSTED_DOCUMENTS_ONLY: 'true' };
      await using closed = await startApp({ database, environment });
      const event = { ...answer(), endpoint: '/secret' };
      await closed.app.services.ingest.record('default', [{ dataset: requestLogs, events: [event] }]);
      const { text } = await closed.app.services.keys.create({ projectId: 'default', scopes: ['READ'] });
      await using dashboard = await openDashboard(context, closed, '/requests');
      const { page: shown, show } = dashboard;
      await shown.getByLabel('API key').fill('wrong');
      await shown.getByRole('button', { name: 'Open the dashboard' }).click();
      await expect.poll(() => shown.getByLabel('API key').count()).toBe(1);
      await shown.getByLabel('API key').fill(text);
      await shown.getByRole('button', { name: 'Open the dashboard' }).click();
      await expect.poll(() => rowOf(shown, 'Requests', '/secret').count()).toBe(1);
      await closed.waitForSubscriptions(1);
      expect(shown.url()).not.toContain('tlt_');
      // The console of the browser reports the refused request; nothing else failed.
      expect(dashboard.problems.filter((text) => !text.includes('status of 401'))).toEqual([]);
      // The documents that are generated for each dataset are included.
      await show('/live?dataset=requestLogs');
      await expect.poll(() => rowOf(shown, 'Newest events', '/secret').count()).toBe(1);
      await show('/explore?dataset=requestLogs&measures=latencyMs.p95');
      await expect.poll(() => shown.locator('.heatmap canvas').count()).toBe(1);
    });
  });
}

/** The manifest of an operator who trusts only the documents of the dashboard. */
async function emptyManifest() {
  const folder = await mkdtemp(join(tmpdir(), 'telltale-'));
  const path = join(folder, 'documents.json');
  await writeFile(path, '{}');
  return { path, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

async function page({ url }: TestApp, path: string) {
  const response = await fetch(new URL(path, url), { headers: { accept: 'text/html' } });
  return { headers: response.headers, text: await response.text() };
}
