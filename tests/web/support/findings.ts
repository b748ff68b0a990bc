import axe from 'axe-core';
import type { Page } from 'playwright-core';

/**
 * The problems that keep people from using a page, as axe-core finds them. It examines only the
 * first of several similar rows, because the findings depend on elements, attributes and classes,
 * and a list of fifty rows has few kinds of them.
 */
export async function seriousFindings(page: Page): Promise<string[]> {
  // Its 600 kB are sent to the page once.
  if (await page.evaluate('window.axe === undefined')) await page.evaluate(`(() => { ${axe.source} })()`);
  return await page.evaluate<string[]>(FIND);
}

/** Runs in the page. The shell is the same on all pages, so its links are examined once. */
const FIND = `(async () => {
  const valued = /^(class|type|disabled|role|data-.*|aria-(current|checked|sort|selected|expanded|pressed))$/;
  const lookOf = (row) => [row, ...row.querySelectorAll('*')]
    .flatMap(({ tagName, attributes }) => [
      tagName,
      ...[...attributes].map(({ name, value }) => (valued.test(name) ? name + value : name)),
    ])
    .join(' ');
  const ofShell = (window.looksOfShell ??= new Set());
  for (const list of document.querySelectorAll('tbody, ul, ol, nav')) {
    const seen = list.closest('main, dialog') === null ? ofShell : new Set();
    for (const row of list.children) {
      row.removeAttribute('data-alike');
      const look = lookOf(row);
      if (seen.has(look)) row.setAttribute('data-alike', '');
      seen.add(look);
    }
  }
  const { violations } = await window.axe.run(
    { include: ['html'], exclude: ['[data-alike]'] },
    // The rule "region" is never serious, and one of the slowest.
    { resultTypes: ['violations'], rules: { region: { enabled: false } } },
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 200)).join(' | '));
})()`;
