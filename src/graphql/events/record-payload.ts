import { encodeGlobalId } from '../../core/global-id.ts';
import type { RecordOutcome, Rejection } from '../../ingest/ingest.ts';
import type { TypeRegistry } from '../type-registry.ts';

const REJECTION_CODES: Readonly<Record<Rejection['code'], string>> = {
  REQUIRED: 'A required field is absent.',
  WRONG_TYPE: 'The value has another type than the field.',
  OUT_OF_RANGE: 'The number or the time is outside what the field accepts.',
  TOO_LONG: 'The text has more characters than the field accepts.',
  UNKNOWN_FIELD: 'Events of the dataset have no such field.',
  INVALID_VALUE: 'The type is right, but the value is none that the field accepts.',
};

/** What every record mutation of events answers. */
export function recordPayload(types: TypeRegistry) {
  return types.once('RecordPayload', (builder) => {
    const rejection = rejectionType(types);
    return builder.objectRef<RecordOutcome>('RecordPayload').implement({
      description: 'What became of a batch of events. It answers after the commit: what is accepted stays.',
      fields: (t) => ({
        accepted: t.exposeInt('accepted', { description: 'Events that were stored now.' }),
        duplicates: t.exposeInt('duplicates', {
          description: 'Events that had been stored before, by their id: nothing changed.',
        }),
        rejected: t.field({
          type: [rejection],
          description: 'Events that were left out, with what is wrong with them. The others were stored.',
          resolve: ({ rejected }) => rejected,
        }),
        ids: t.idList({
          description: 'Global ids of the accepted and the duplicate events, in the order of the input.',
          resolve: ({ ids }) => ids.map(({ dataset, id }) => encodeGlobalId(dataset.entity, id)),
        }),
      }),
    });
  });
}

function rejectionType({ builder }: TypeRegistry) {
  const code = builder.enumType('RejectionCode', {
    description: 'What kind of fault an event has.',
    values: Object.fromEntries(
      Object.entries(REJECTION_CODES).map(([name, description]) => [name, { description }]),
    ) as Record<Rejection['code'], { description: string }>,
  });
  return builder.objectRef<Rejection>('Rejection').implement({
    description: 'Why one event of a batch was left out.',
    fields: (t) => ({
      dataset: t.exposeString('dataset', { description: 'The dataset, for example "llmCalls".' }),
      index: t.exposeInt('index', { description: "The event's position in its list, from 0." }),
      field: t.exposeString('field', {
        nullable: true,
        description: 'The field at fault; null when the event as a whole is.',
      }),
      code: t.expose('code', { type: code, description: 'What kind of fault it is.' }),
      message: t.exposeString('message', { description: 'What is wrong and what would be right.' }),
    }),
  });
}
