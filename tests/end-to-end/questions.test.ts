import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEachDatabase } from '../support/databases.ts';
import { RECORD_ACTIVITY } from '../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../support/graphql.ts';
import { readPage } from './support/pages.ts';
import { EVENTS } from './support/question-events.ts';

/** The current time on the page: noon in Berlin. */
const NOW = Date.parse('2026-11-15T11:00:00Z');

/**
 * A section of the page: its last block of GraphQL is the query, and those before it are mutations.
 */
const questions = readPage('docs/questions.md')
  .split(/^## /m)
  .slice(1)
  .map((section) => ({
    question: section.slice(0, section.indexOf('\n')),
    documents: [...section.matchAll(/```graphql\n(.*?)```/gs)].map(([, document = '']) => document),
    answer: JSON.parse(/```json\n(.*?)```/s.exec(section)?.[1] ?? 'null'),
  }));

/** The page shows fractions with two digits. */
const rounded = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value === 'number') return Number.isInteger(value) ? value : expect.closeTo(value, 2);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, rounded(inner)]));
};

describeEachDatabase('docs/questions.md', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    graphql.clock.set(NOW);
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  it('has only questions for which the test has events', () => {
    expect(questions.map(({ question }) => question)).toEqual(Object.keys(EVENTS));
  });

  it.each(questions)('answers: $question', async ({ question, documents, answer }) => {
    const { recordActivity } = await graphql.data(RECORD_ACTIVITY, { input: EVENTS[question] }, question);
    expect(recordActivity.rejected).toEqual([]);
    const answers: unknown[] = [];
    for (const document of documents) answers.push(await graphql.data(document, {}, question));
    expect(answers.at(-1)).toEqual(rounded(answer));
  });
});
