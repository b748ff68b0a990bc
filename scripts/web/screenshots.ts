// See scripts/screenshots.mjs.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Page } from 'playwright-core';
import { PAGES } from '../../web/src/pages/pages.ts';

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://localhost:4000' },
    only: { type: 'string' },
    into: { type: 'string', default: '.cache/screenshots' },
    range: { type: 'string', default: '7d' },
    widths: { type: 'string', default: '1280,390' },
    schemes: { type: 'string', default: 'light,dark' },
  },
});
const NAMES: Readonly<Record<number, string>> = { 1280: 'wide', 390: 'narrow' };
const widths = values.widths.split(',').map(Number);
const schemes = (['light', 'dark'] as const).filter((scheme) => values.schemes.split(',').includes(scheme));
if (!widths.every((width) => width >= 200) || schemes.length === 0)
  throw new Error('--widths takes pixels such as 1280,390, --schemes light and dark.');
/** A machine that does other work may need long for a page. */
const TIMEOUT_MS = 120_000;
const only = values.only?.split(',');

mkdirSync(values.into, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--hide-scrollbars'],
});
try {
  for (const address of await addresses()) {
    if (only !== undefined && !only.includes(address.pattern)) continue;
    const name = address.pattern.replaceAll('/', '-').replaceAll(':', '').replace(/^-/, '') || 'overview';
    await take(address.url, name);
    console.log(address.url);
  }
} finally {
  await browser.close();
}

/** Loads the page once, because loading takes longer than all pictures of it. */
async function take(url: string, name: string): Promise<void> {
  const page = await openPage();
  page.on('pageerror', (error) => console.error(`${url}: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') console.error(`${url}: ${message.text()}`);
  });
  await page.goto(url);
  for (const pixels of widths) {
    await page.setViewportSize({ width: pixels, height: 900 });
    for (const scheme of schemes) {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      await settle(page);
      const file = `${name}-${NAMES[pixels] ?? pixels}-${scheme}.png`;
      await page.screenshot({ path: join(values.into, file), fullPage: true });
    }
  }
  await page.close();
}

/** A page that waits for a busy server. */
async function openPage(): Promise<Page> {
  const page = await browser.newPage();
  page.setDefaultTimeout(TIMEOUT_MS);
  return page;
}

/** Waits until nothing is loading. */
async function settle(page: Page): Promise<void> {
  await page.waitForSelector('h1');
  await page.waitForFunction(() => document.querySelector('.skeleton, [aria-busy="true"]') === null);
  await page.waitForTimeout(300);
}

/** The address of each page. For a page about one thing, the first one that its list links to. */
async function addresses(): Promise<{ pattern: string; url: string }[]> {
  const found: { pattern: string; url: string }[] = [];
  const page = await openPage();
  for (const { path } of PAGES) {
    // A page about one thing has its name in the path or, if names can contain any character, in
    // the query.
    const [list = path, kind] = path.split(/\/:|\/(?=one$)/);
    const query = `?range=${values.range}`;
    if (kind === undefined) {
      found.push({ pattern: path, url: values.url + path + query });
      continue;
    }
    if (only !== undefined && !only.includes(path)) continue;
    await page.goto(values.url + list + query);
    await settle(page);
    const href = await page
      .locator(`main a[href^="${kind === 'one' ? `${path}?` : `${list}/`}"]:not([href^="${list}/new"])`)
      .first()
      .getAttribute('href', { timeout: 5_000 })
      .catch(() => null);
    if (href === null) console.error(`${list} links to no ${path}.`);
    else found.push({ pattern: path, url: values.url + href });
  }
  await page.close();
  return found;
}
