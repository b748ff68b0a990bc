import { expect, test } from 'vitest';
import { parseSearchQuery } from '../../../src/core/search/search-query.ts';
import { toTsquery } from '../../../src/storage/dialect/postgresql/search.ts';
import { toFts5 } from '../../../src/storage/dialect/sqlite/search.ts';

test.each([
  ['Gateway', '"Gateway"', `('gateway')`],
  ['one two', '"one" AND "two"', `('one') & ('two')`],
  ['api-gate*', '"api gate" *', `('api' <-> 'gate':*)`],
  [
    'one -two -"three four"',
    '("one") NOT ("two" OR "three four")',
    `('one') & !('two') & !('three' <-> 'four')`,
  ],
  [
    'café-b* -é',
    '(("café b" * OR "cafe\u0301 b" *)) NOT (("é" OR "e\u0301"))',
    `('café' <-> 'b':* | 'cafe\u0301' <-> 'b':*) & !('é' | 'e\u0301')`,
  ],
  [`o'ne \\ "two`, '"o ne" AND "two"', `('o' <-> 'ne') & ('two')`],
])('%s is translated for both databases', (text, fts5, tsquery) => {
  const query = parseSearchQuery(text, 'query');
  expect(toFts5(query)).toBe(fts5);
  expect(toTsquery(query)).toBe(tsquery);
});
