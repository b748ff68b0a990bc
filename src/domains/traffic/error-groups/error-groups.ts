import { checkBetween } from '../../../core/check-between.ts';
import { errorLogs } from '../../../declarations/traffic/error-logs.ts';
import { readFilter } from '../../../filter/read-filter.ts';
import { costOfAnalyses } from '../../../graphql/analytics/analytics-cost.ts';
import { ARCHIVE, reachingArchive } from '../../../graphql/analytics/archive-argument.ts';
import { analyticsSource } from '../../../graphql/analytics/source.ts';
import { readTimeRange, timeRange, timeRangeInput } from '../../../graphql/analytics/time-range.ts';
import { costs, costsItems } from '../../../graphql/limits/field-cost.ts';
import { filterInput } from '../../../graphql/lists/filter.ts';
import { orderInputOf } from '../../../graphql/lists/order.ts';
import { readsRowsOf } from '../../../graphql/read-scopes.ts';
import { selectionOf } from '../../../graphql/selection.ts';
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
      authScopes: readsRowsOf(errorLogs),
      type,
      description:
        'The errors in a time range, grouped by fingerprint, with the count, the first and last ' +
        'occurrence and the newest error of each group. All values cover only the range and the ' +
        'filter, as far as data is kept. To get the first occurrence ever, start the range before ' +
        'the oldest event.',
      args: {
        range: t.arg({ type: timeRangeInput(types), required: true, description: 'The time range.' }),
        filter: t.arg({
          type: filterInput(types, errorLogs),
          description: 'Only errors that match this filter. Default: all.',
        }),
        archive: t.arg.boolean(ARCHIVE),
        firstSeen: t.arg({
          type: timeRangeInput(types),
          description:
            'Only groups whose first error lies in this range. With `range: { last: "P30D" }, ' +
            'firstSeen: { last: "P1D" }`: the errors of the last day that did not occur in the 29 days ' +
            'before. Default: all.',
        }),
        orderBy: t.arg({
          type: errorGroupOrder(types),
          description: 'Sort order. Default: most errors first.',
        }),
        first: t.arg.int({
          defaultValue: DEFAULT_FIRST,
          description:
            `Maximum number of groups, 1 to ${MAX_PAGE_SIZE}. The rest is omitted; \`groupCount\` ` +
            'counts it.',
        }),
      },
      extensions: costs(({ args, now, caller }) => {
        const first = checkBetween(args.first ?? DEFAULT_FIRST, MAX_PAGE_SIZE, 'first');
        const filter = readFilter(errorLogs, args.filter);
        const asked = { datasets: [errorLogs], dimensions: ['fingerprint'], filter, caller };
        const { archive } = args;
        return { rows: costOfAnalyses(asked, { archive }, readTimeRange(args.range, now)), value: first };
      }),
      resolve: (_root, { range, filter, archive, firstSeen, orderBy, first }, context, info) => {
        const selected = selectionOf(info).below('groups');
        const now = context.services.clock.now();
        return readErrorGroups(reachingArchive(context, { archive }), {
          scope: {
            dataset: errorLogs,
            projectId: context.projectId,
            range: readTimeRange(range, now),
            filter: readFilter(errorLogs, filter),
          },
          firstSeen: firstSeen == null ? null : readTimeRange(firstSeen, now, 'firstSeen'),
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
    description: 'Sort order of groups of errors. Groups with equal values are sorted by fingerprint.',
    fields: {
      description: 'Fields to sort groups of errors by.',
      values: {
        COUNT: { value: 'count', description: 'Number of errors.' },
        LAST_SEEN: { value: 'lastSeen', description: 'The time of the last error.' },
        FIRST_SEEN: { value: 'firstSeen', description: 'The time of the first error.' },
      },
    },
  });
}

function errorGroupsType(types: TypeRegistry) {
  return types.builder.objectRef<ErrorGroups>('ErrorGroups').implement({
    description: 'The errors in a time range, grouped by fingerprint.',
    fields: (t) => ({
      range: t.field({
        type: timeRange(types),
        description:
          'The range that the groups cover: the requested range, unless part of it has ' +
          'expired. `source` says which part.',
        resolve: ({ source }) => source.range,
      }),
      source: t.expose('source', {
        type: analyticsSource(types),
        description: 'The source of the counts.',
      }),
      groupCount: t.expose('groupCount', {
        type: 'SafeInt',
        description: 'Number of groups, including those that are omitted.',
      }),
      groups: t.expose('groups', {
        type: [errorGroupType(types)],
        extensions: costsItems,
        description: 'The first groups in the requested order.',
      }),
    }),
  });
}
