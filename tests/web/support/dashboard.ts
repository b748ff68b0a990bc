import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { DEFAULT_PROJECT } from '../../../src/access/projects.ts';
import { createRecorder, fillMonth } from '../../../src/commands/demo/fill.ts';
import { fillAlerts } from '../../../src/commands/demo/fill-alerts.ts';
import { fillCatalog } from '../../../src/commands/demo/fill-catalog.ts';
import { MONTH_MS, planFill } from '../../../src/commands/demo/month.ts';
import { datasets } from '../../../src/declarations/registry.ts';
import type { TestApp } from '../../support/start-app.ts';

const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'];

/** Null if there is a browser; otherwise the reason why there is none. */
export const WITHOUT_BROWSER = existsSync(CHROMIUM)
  ? null
  : `needs Chromium at ${CHROMIUM}: install it or set CHROMIUM_PATH`;

const DAY_MS = 86_400_000;

/** Records the demo's last days up to `now`, and its catalog, rules and alerts. */
export async function fillWithDemo({ app }: TestApp, now: number): Promise<void> {
  const plan = planFill(null, now, { seed: 1, scale: 0.04 });
  // The range before that of the cases also has events.
  const days = { ...plan, from: plan.to - 2 * DAY_MS };
  const recorder = createRecorder(app.services.ingest, DEFAULT_PROJECT, datasets);
  const silent = { update: () => undefined, finish: () => undefined };
  await fillMonth(days, { recorder, progress: silent, stopped: new AbortController().signal });
  await fillCatalog(app);
  await fillAlerts(app, { from: plan.month.anchor - MONTH_MS, to: plan.to });
}

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });

/** The dashboard of a server in a separate window. */
export interface Dashboard extends AsyncDisposable {
  readonly page: Page;
  /** The problems of the page: uncaught errors, and errors in its console. */
  readonly problems: readonly string[];
  /** Goes to a path of the dashboard, as a link does, and waits until nothing is loading. */
  show(path: string): Promise<void>;
  /** Waits until nothing is loading. */
  settled(): Promise<void>;
}

/**
 * Windows of one context share processes and compiled code, so the second one opens in half the
 * time.
 */
export const openContext = (browser: Browser): Promise<BrowserContext> =>
  browser.newContext({
    viewport: { width: 1400, height: 900 },
    reducedMotion: 'reduce',
    timezoneId: 'UTC',
    locale: 'en-US',
  });

export async function openDashboard(
  context: BrowserContext,
  { url }: Pick<TestApp, 'url'>,
  path = '/',
): Promise<Dashboard> {
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  const settled = async () => {
    await page.locator('h1').first().waitFor();
    await expect.poll(() => page.locator('main .skeleton, main [aria-busy="true"]').count()).toBe(0);
  };
  await page.goto(new URL(path, url).href);
  return {
    page,
    problems,
    settled,
    async show(to) {
      // A click on a link, so that the page is not loaded again, which takes several times longer.
      await page.evaluate((href) => {
        const link = document.createElement('a');
        link.href = href;
        document.body.append(link);
        link.click();
        link.remove();
      }, to);
      await settled();
    },
    [Symbol.asyncDispose]: () => page.close(),
  };
}
