import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equalTestsOf } from '../../src/core/equal-tests.ts';
import { type Filter, matches, type Scalar } from '../../src/core/filter.ts';
import { createLive } from '../../src/live/create-live.ts';
import { createTopic } from '../../src/live/topic.ts';

type Row = Readonly<Record<string, Scalar>>;

const FIELDS = ['model', 'service', 'success', 'tokens'];
const value = fc.constantFrom<Scalar>('a', 'b', '1', 1, 0, true, false);
const row: fc.Arbitrary<Row> = fc
  .tuple(...FIELDS.map(() => fc.option(value)))
  .map((values) => Object.fromEntries(FIELDS.map((field, index) => [field, values[index] ?? null])));

const test: fc.Arbitrary<Filter> = fc
  .tuple(
    fc.constantFrom(...FIELDS),
    fc.boolean(),
    fc.oneof(
      fc.option(value).map((operand) => ({ operator: 'eq' as const, value: operand })),
      fc
        .uniqueArray(value, { minLength: 2, maxLength: 3 })
        .map((operands) => ({ operator: 'in' as const, value: operands })),
      value.map((operand) => ({ operator: 'gte' as const, value: operand })),
    ),
  )
  .map(([field, negated, tested]) => ({ kind: 'test', field, negated, ...tested }));

const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    test,
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      all: fc.array(tie('filter'), { maxLength: 3 }),
    }),
  ),
}));

const conditionsOf = (wanted: Filter) =>
  equalTestsOf(wanted).map(({ field, values }) => ({
    name: field,
    read: (event: Row) => event[field] ?? null,
    values,
  }));
const accepts = (wanted: Filter) => (event: Row) => matches(wanted, (field) => event[field]);

describe('subscribers that are found by the values that they require', () => {
  it('receive the same events as by their filters alone, while others come and go', () => {
    const filters = fc.array(filter, { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(filters, fc.array(row, { maxLength: 8 }), fc.nat(11), (all, rows, gone) => {
        const live = createLive();
        const received = all.map((): Row[] => []);
        const streams = all.map((wanted, index) => {
          const stream = live.subscribe('t', { accepts: accepts(wanted), conditions: conditionsOf(wanted) });
          stream.handTo({
            receive: (event) => received[index]?.push(event),
            countReaders: () => 1,
            readersBehind: () => [],
            end: () => {},
          });
          return stream;
        });
        void streams[gone]?.return?.();
        live.publish('t', rows);
        expect(received).toEqual(
          all.map((wanted, index) => (index === gone ? [] : rows.filter(accepts(wanted)))),
        );
        live.close();
        expect(live.hasSubscribers('t')).toBe(false);
      }),
    );
  });

  it('are checked only if the event has the required values', () => {
    const topic = createTopic<Row, string>();
    const isOf = (service: string): Filter => ({
      kind: 'and',
      all: [
        { kind: 'test', field: 'service', operator: 'eq', value: service, negated: false },
        { kind: 'test', field: 'tokens', operator: 'gte', value: 1, negated: false },
      ],
    });
    for (let number = 0; number < 1000; number++) topic.add(`${number}`, conditionsOf(isOf(`${number}`)));
    const visited: string[] = [];
    topic.match({ service: '7', tokens: 0 }, (subscriber) => visited.push(subscriber));
    expect(visited).toEqual(['7']);
  });
});
