import { parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { describeTopic } from '../../src/mcp/schema/describe.ts';
import { EXAMPLES } from '../../src/mcp/schema/examples.ts';
import { createSchema } from '../../src/schema.ts';

const schema = createSchema();
const about = (topic: string) => describeTopic(schema, topic);

describe('describeTopic', () => {
  it('begins with an overview that names all queries, and fits into a small context', () => {
    const overview = about('');
    for (const name of Object.keys(schema.getQueryType()?.getFields() ?? {}))
      expect(overview).toContain(name);
    expect(overview.length).toBeLessThan(12_000);
  });

  it.each(['llmCallAnalytics', 'Query.llmCallAnalytics', 'LLMCALLANALYTICS'])(
    'describes the query %s with its result, its inputs and an example',
    (topic) => {
      const text = about(topic);
      expect(text).toContain('range: TimeRangeInput!');
      expect(text).toContain('groups(first: Int = 100, orderBy: LlmCallGroupOrder): [LlmCallGroup!]!');
      expect(text).toContain('series(fill: SeriesFill = ZERO, grain: TimeGrain = AUTO');
      expect(text).toMatch(/# +LlmCallDimensions: .*\bmodel\b/);
      expect(text).toContain('Types of its arguments: LlmCallFilter, TimeRangeInput.');
      expect(text).toContain('# Example: ');
    },
  );

  it('describes the items of a list instead of the page', () => {
    const text = about('llmCalls');
    expect(text).toContain('type LlmCall {');
    expect(text).not.toContain('type LlmCallConnection {');
  });

  it.each([
    ['a type', 'LlmCall', 'cost: Float  # Cost in USD.'],
    ['an input', 'LlmCallFilter', 'model: TextFilter'],
    ['an enum', 'TimeGrain', 'FIVE_MINUTES'],
    ['a field, with its whole description', 'LlmCall.cost', 'Null means unknown, never free.'],
    ['a field of an input', 'TimeRangeInput.last', 'TimeRangeInput.last'],
    ['a value', 'AlertAggregate.BURN_RATE', 'error budget of the SLO'],
  ])('describes %s', (_, topic, part) => expect(about(topic)).toContain(part));

  it('searches by words, lists queries first, and says how many more there are', () => {
    const [first = ''] = about('costs of agents').split('\n');
    expect(first).toMatch(/^Query\.agentCosts\(/);
    expect(about('the')).toMatch(/\n# \d+ more\. Add a word to find fewer\.$/);
  });

  it('shows no types that only mutations accept', () => {
    expect(about('createAlertRule')).not.toContain('CreateAlertRule');
    expect(about('RecordPayload accepted')).not.toContain('RecordPayload');
  });

  it('says what to do if nothing matches', () => {
    expect(() => about('xyzzy')).toThrow(/contains a word of "xyzzy".*omit `topic`/s);
  });

  it.each(EXAMPLES.map(({ question, document }) => [question, document]))(
    'has a valid example: %s',
    (_, document) => expect(validate(schema, parse(document))).toEqual([]),
  );
});
