/**
 * `npm run bench:dashboard -- [--url=http://localhost:4000] [--runs=5] [--slower=4]` measures how
 * soon the overview of a running demo is painted and usable, in a real browser with an empty cache
 * and a slowed-down processor. See docs/benchmarks.md.
 */
import { parseArgs } from 'node:util';
import { type Browser, chromium } from 'playwright-core';

const { values: flags } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://localhost:4000' },
    runs: { type: 'string', default: '5' },
    slower: { type: 'string', default: '4' },
  },
});
const BARS = { painted: 1_000, usable: 1_500 };

interface Visit {
  /** When the first text was painted, in milliseconds after navigation. */
  readonly painted: number;
  /** When the figures were shown and no task of 50 ms or more remained. */
  readonly usable: number;
  readonly kilobytes: number;
}

/**
 * Runs in the page before its scripts. It is a text, because a compiler would add its own calls to
 * a function.
 */
const WATCH = `
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) window.busyUntil = startTime + duration;
  }).observe({ type: 'longtask', buffered: true });
  const look = () => {
    const figures = [...document.querySelectorAll('.stat-value')];
    if (figures.length > 0 && figures.every(({ textContent }) => textContent !== '–')) window.shownAt = performance.now();
    else requestAnimationFrame(look);
  };
  look();
`;

const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
try {
  const visits: Visit[] = [];
  for (let run = 0; run < Number(flags.runs); run++) visits.push(await visit(browser));
  const middle = (read: (visit: Visit) => number) =>
    visits.map(read).sort((a, b) => a - b)[Math.floor(visits.length / 2)] ?? Number.NaN;
  for (const name of ['painted', 'usable'] as const) {
    const ms = middle((one) => one[name]);
    const verdict = ms <= BARS[name] ? 'met' : 'missed';
    console.log(
      `${name}: ${Math.round(ms)} ms, ${(ms / BARS[name]).toFixed(2)} of the bar of ${BARS[name]} ms (${verdict})`,
    );
  }
  console.log(`loaded: ${Math.round(middle(({ kilobytes }) => kilobytes))} kB of pages, scripts and styles`);
} finally {
  await browser.close();
}

async function visit(from: Browser): Promise<Visit> {
  const context = await from.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: Number(flags.slower) });
  await page.addInitScript({ content: WATCH });
  await page.goto(flags.url);
  await page.waitForFunction(() => 'shownAt' in window);
  // Long tasks are reported when they end.
  await page.waitForTimeout(1_000);
  const measured = await page.evaluate(() => {
    const { shownAt = 0, busyUntil = 0 } = window as unknown as Watched;
    const paints = performance.getEntriesByName('first-contentful-paint');
    const loaded = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
    const files = loaded.filter(({ initiatorType }) => initiatorType !== 'fetch');
    return {
      painted: paints[0]?.startTime ?? Number.NaN,
      usable: Math.max(shownAt, Math.min(busyUntil, shownAt + 1_000)),
      kilobytes: files.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0) / 1024,
    };
  });
  await context.close();
  return measured;
}

interface Watched {
  shownAt?: number;
  busyUntil?: number;
}
