import { checkBetween } from '../../../core/check-between.ts';
import type { RollupGrain } from '../../../core/dataset/rollup-set.ts';
import { columnOf } from '../../../core/dataset/table.ts';
import type { Interval } from '../../../core/time/range.ts';
import { errorLogs } from '../../../declarations/traffic/error-logs.ts';
import { rollupGrain } from '../../../graphql/analytics/source.ts';
import type { ObjectType } from '../../../graphql/builder.ts';
import { columnEnum } from '../../../graphql/entities/column-types.ts';
import { entityType } from '../../../graphql/entities/entity.ts';
import { createEntityLoader } from '../../../graphql/entities/load-one.ts';
import { costsRows } from '../../../graphql/limits/field-cost.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import type { ErrorGroup } from './group.ts';

/** The fields that need rows in addition to the counts. */
export const FROM_ROWS = ['firstSeen', 'firstSeenGrain', 'lastSeen', 'lastSeenGrain', 'sample'] as const;

const MAX_SERVICES = 1_000;
const DEFAULT_SERVICES = 10;

export function errorGroupType(types: TypeRegistry): ObjectType<ErrorGroup> {
  const type = types.builder.objectRef<ErrorGroup>('ErrorGroup');
  addFacts(types, type);
  addTimes(types, type);
  addSample(types, type);
  return type.implement({ description: 'The errors of one fingerprint: occurrences of one problem.' });
}

function addFacts(types: TypeRegistry, type: ObjectType<ErrorGroup>): void {
  types.builder.objectFields(type, (t) => ({
    fingerprint: t.exposeString('fingerprint', {
      description: columnOf(errorLogs, 'fingerprint').description,
    }),
    errorType: t.exposeString('errorType', { description: columnOf(errorLogs, 'errorType').description }),
    severity: t.field({
      type: columnEnum(types, columnOf(errorLogs, 'severity')),
      description: 'The worst severity in the group.',
      resolve: ({ severity }) => severity,
    }),
    count: t.expose('count', { type: 'SafeInt', description: 'Number of errors.' }),
    serviceCount: t.int({
      description: 'Number of services that reported it. Errors that name no service do not count here.',
      resolve: ({ services }) => services.length,
    }),
    services: t.stringList({
      description: 'The services that reported it, those with the most errors first.',
      args: {
        first: t.arg.int({
          defaultValue: DEFAULT_SERVICES,
          description: `Maximum number of items, 1 to ${MAX_SERVICES}. \`serviceCount\` counts the rest.`,
        }),
      },
      resolve: ({ services }, { first }) =>
        services.slice(0, checkBetween(first ?? DEFAULT_SERVICES, MAX_SERVICES, 'first')),
    }),
  }));
}

function addTimes(types: TypeRegistry, type: ObjectType<ErrorGroup>): void {
  const { builder } = types;
  const grain = rollupGrain(types);
  const ends = [
    { end: 'first', name: 'firstSeen', which: 'first' },
    { end: 'last', name: 'lastSeen', which: 'newest' },
  ] as const;
  for (const { end, name, which } of ends) {
    builder.objectFields(type, (t) => ({
      [name]: t.field({
        type: 'DateTime',
        description:
          `When the ${which} error occurred. If its row has expired, the start of the UTC day ` +
          'on which it occurred, or of the part of that day within the range.',
        resolve: (group) => group[end].from,
      }),
      [`${name}Grain`]: t.field({
        type: grain,
        nullable: true,
        description: `The precision of \`${name}\`: null means to the millisecond, DAY means that its row has expired.`,
        resolve: (group) => grainOf(group[end]),
      }),
    }));
  }
}

const grainOf = ({ from, to }: Interval): RollupGrain | null => (to - from > 1 ? 'DAY' : null);

function addSample(types: TypeRegistry, type: ObjectType<ErrorGroup>): void {
  const load = createEntityLoader(errorLogs);
  types.builder.objectField(type, 'sample', (t) =>
    t.field({
      type: entityType(types, errorLogs),
      extensions: costsRows(1),
      nullable: true,
      description: 'The newest error; null if its row has expired.',
      resolve: ({ sampleId }, _args, context, info) =>
        sampleId === null ? null : load(context, info, sampleId),
    }),
  );
}
