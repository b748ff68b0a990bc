import { checkBetween } from '../../../core/check-between.ts';
import { errorLogs } from '../../../declarations/traffic/error-logs.ts';
import { readFilter } from '../../../filter/read-filter.ts';
import { analyticsSource } from '../../../graphql/analytics/source.ts';
import { readTimeRange, timeRange, timeRangeInput } from '../../../graphql/analytics/time-range.ts';
import { filterInput } from '../../../graphql/lists/filter.ts';
import { orderInputOf } from '../../../graphql/lists/order.ts';
import { selectionOf, subselection } from '../../../graphql/selection.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { MAX_PAGE_SIZE } from '../../../lists/page.ts';
import { errorGroupType, FROM_ROWS } from './group-type.ts';
import type { ErrorGroupOrder } from './rank.ts';
import { type ErrorGroups, readErrorGroups } from './read-groups.ts';

const DEFAULT_FIRST = 50;

/** Adds `errorGroups`. */
export function addErrorGroups(types: TypeRegistry): void {
  const type = errorGroupsType(types);
  types.builder.queryField('errorGroups', (t) =>
    t.field({
      type,
      description:
        'The errors of a range of time by what went wrong: one group per fingerprint, with its count, when it was seen first and last, ' +
        'and its newest error. All of it is about the range and the filter, as far as it is kept; for the first time ever, ask from ' +
        'the beginning.',
      args: {
        range: t.arg({ type: timeRangeInput(types), required: true, description: 'From when to when.' }),
        filter: t.arg({ type: filterInput(types, errorLogs), description: 'Which errors; default: all.' }),
        orderBy: t.arg({
          type: errorGroupOrder(types),
          description: 'In which order; default: most errors first.',
        }),
        first: t.arg.int({
          defaultValue: DEFAULT_FIRST,
          description: `How many groups, 1 to ${MAX_PAGE_SIZE}. The rest is left out; \`groupCount\` counts it.`,
        }),
      },
      resolve: (_root, { range, filter, orderBy, first }, context, info) => {
        const selected = subselection(info, selectionOf(info), 'ErrorGroups', 'groups');
        return readErrorGroups(context, {
          scope: {
            dataset: errorLogs,
            projectId: context.projectId,
            range: readTimeRange(range, context.services.clock.now()),
            filter: readFilter(errorLogs, filter),
          },
          order: orderBy ?? { field: 'count', direction: 'desc' },
          first: checkBetween(first ?? DEFAULT_FIRST, MAX_PAGE_SIZE, 'first'),
          withEnds: FROM_ROWS.some((field) => selected.has(field)),
        });
      },
    }),
  );
}

function errorGroupOrder(types: TypeRegistry) {
  return orderInputOf<ErrorGroupOrder['field']>(types, 'ErrorGroupOrder', {
    description: 'How groups of errors are sorted. Groups with equal values are sorted by fingerprint.',
    fields: {
      description: 'What groups of errors can be sorted by.',
      values: {
        COUNT: { value: 'count', description: 'How many errors.' },
        LAST_SEEN: { value: 'lastSeen', description: 'When the last one was.' },
        FIRST_SEEN: { value: 'firstSeen', description: 'When the first one was.' },
      },
    },
  });
}

function errorGroupsType(types: TypeRegistry) {
  return types.builder.objectRef<ErrorGroups>('ErrorGroups').implement({
    description: 'The errors of a range of time by what went wrong.',
    fields: (t) => ({
      range: t.field({
        type: timeRange(types),
        description:
          'The range that the groups are about: the one that was asked for, unless something of it has expired. `source` says what.',
        resolve: ({ source }) => source.range,
      }),
      source: t.expose('source', {
        type: analyticsSource(types),
        description: 'Where the counts came from.',
      }),
      groupCount: t.expose('groupCount', {
        type: 'SafeInt',
        description: 'How many groups there are, with those that are left out.',
      }),
      groups: t.expose('groups', {
        type: [errorGroupType(types)],
        description: 'The first of them, in the order that was asked for.',
      }),
    }),
  });
}
