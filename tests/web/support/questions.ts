import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import type { TestApp } from '../../support/start-app.ts';
import { FIXED_RANGE } from './page-case.ts';

/** A time in variables, with or without milliseconds. */
const FROM = FIXED_RANGE.from.slice(0, 'yyyy-mm-ddThh:mm:ss'.length);

const manifest = new URL('../../../dist/web/documents.json', import.meta.url);

/**
 * The bodies of the queries about the fixed range that a page sends from now on. Their answers do
 * not change.
 */
export function watchQuestions(page: Page): ReadonlySet<string> {
  const texts: Record<string, string> = JSON.parse(readFileSync(manifest, 'utf8'));
  const questions = new Set<string>();
  page.on('request', (request) => {
    const body = request.postData();
    if (body === null || !body.includes(FROM)) return;
    const { documentId }: { documentId?: string } = JSON.parse(body);
    const text = documentId === undefined ? body : (texts[documentId] ?? '');
    if (/^\s*query/.test(text)) questions.add(body);
  });
  return questions;
}

/**
 * The ids of alerts that were raised while the demo was filled; the ids of events are the same each
 * time.
 */
const NEW_IDS = /(Alert|rule:[\w-]+):[\da-f-]{36}/g;

/** The answers of a server to each of them, without ids that are new on each server. */
export async function answersOf(
  { url }: TestApp,
  questions: Iterable<string>,
): Promise<Map<string, unknown>> {
  const answers = new Map<string, unknown>();
  for (const body of questions) {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body });
    answers.set(body, JSON.parse((await response.text()).replace(NEW_IDS, '$1')));
  }
  return answers;
}
