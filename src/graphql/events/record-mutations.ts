import type { Dataset } from '../../core/dataset/dataset.ts';
import { InvalidArgument } from '../../core/errors.ts';
import { isObject } from '../../core/is-object.ts';
import type { EventInput } from '../../ingest/ingest.ts';
import { rawArgument } from '../raw-argument.ts';
import type { TypeRegistry } from '../type-registry.ts';
import { eventInput } from './event-input.ts';
import { INGEST_INPUT } from './ingest-variables.ts';
import { recordPayload } from './record-payload.ts';
import { QUOTA_NOTE, withinQuota } from './within-quota.ts';

/** Adds `record<Dataset>`: stores a batch of events of one dataset. */
export function addRecordMutation(types: TypeRegistry, dataset: Dataset): void {
  types.builder.mutationField(dataset.fields.record, (t) =>
    t.field({
      authScopes: { ingest: true },
      type: recordPayload(types),
      description:
        `Records ${dataset.name}, at most 10,000 per call. An invalid event is reported in ` +
        '`rejected` and not stored. An event sent again with the same id is stored once. ' +
        QUOTA_NOTE,
      args: {
        input: t.arg({ type: [eventInput(types, dataset)], required: true, description: 'The events.' }),
      },
      resolve: (_root, _args, context, info) => {
        const events = asEvents(rawArgument(info, 'input'), 'input');
        const { projectId, account, services } = context;
        const inputs = [{ dataset, events }];
        return withinQuota(account, inputs, () => services.ingest.record(projectId, inputs));
      },
    }),
  );
}

/** Adds `recordActivity`: stores events of several datasets together. */
export function addRecordActivity(types: TypeRegistry): void {
  const input = activityInput(types);
  types.builder.mutationField('recordActivity', (t) =>
    t.field({
      authScopes: { ingest: true },
      type: recordPayload(types),
      description:
        'Records a request with everything that belongs to it, or any events of several datasets, ' +
        'in one transaction; at most 10,000 events per call. An invalid event is reported in ' +
        '`rejected` and not stored. A call with a request in `requestLogs` can be sent again ' +
        'without storing anything twice: events without an id get one from that request, their ' +
        `position and their content. ${inherited(types.datasets)} ${QUOTA_NOTE}`,
      args: { input: t.arg({ type: input, required: true, description: 'The events by dataset.' }) },
      resolve: (_root, _args, context, info) => {
        const { projectId, account, services } = context;
        const inputs = readActivity(types.datasets, rawArgument(info, 'input'));
        return withinQuota(account, inputs, () => services.ingest.recordActivity(projectId, inputs));
      },
    }),
  );
}

/** Describes which values events inherit from the request that they name. */
function inherited(datasets: readonly Dataset[]): string {
  const sentences = datasets
    .filter((dataset) => dataset.fromRequest !== undefined)
    .map(({ name, fromRequest = [] }) => `\`${name}\` inherit omitted values of ${listed(fromRequest)}`);
  return (
    `${sentences.join('; ')} from the request of their \`requestId\` in the same call, as far as ` +
    'its values are valid.'
  );
}

const listed = (names: readonly string[]) =>
  new Intl.ListFormat('en').format(names.map((name) => `\`${name}\``));

function activityInput(types: TypeRegistry) {
  return types.builder.inputRef<Record<string, unknown>>('ActivityInput').implement({
    description: 'Events of several datasets.',
    extensions: INGEST_INPUT,
    fields: (t) =>
      Object.fromEntries(
        types.datasets.map((dataset) => [
          dataset.name,
          t.field({ type: [eventInput(types, dataset)], description: dataset.description }),
        ]),
      ) as never,
  });
}

/**
 * @throws InvalidArgument for a field that is not a dataset, and for a value that is neither a list
 *   nor an object.
 */
function readActivity(datasets: readonly Dataset[], input: unknown): EventInput[] {
  if (!isObject(input)) {
    throw new InvalidArgument('`input` must be an object with a list of events per dataset.', 'input');
  }
  const unknown = Object.keys(input).find((name) => !datasets.some((dataset) => dataset.name === name));
  if (unknown !== undefined) {
    const known = datasets.map(({ name }) => name).join(', ');
    throw new InvalidArgument(`There is no dataset "${unknown}". There are: ${known}.`, `input.${unknown}`);
  }
  return datasets
    .filter(({ name }) => input[name] != null)
    .map((dataset) => ({ dataset, events: asEvents(input[dataset.name], `input.${dataset.name}`) }));
}

/** A list of events. A single event counts as a list of one, as for any GraphQL list. */
function asEvents(value: unknown, argument: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value === 'object' && value !== null) return [value];
  throw new InvalidArgument(`\`${argument}\` must be a list of events.`, argument);
}
