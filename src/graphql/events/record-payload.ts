import { encodeGlobalId } from '../../core/global-id.ts';
import type { RecordOutcome, Rejection } from '../../ingest/ingest.ts';
import { enumValues } from '../entities/column-types.ts';
import type { TypeRegistry } from '../type-registry.ts';

const REJECTION_CODES: Readonly<Record<Rejection['code'], string>> = {
  REQUIRED: 'A required field is missing.',
  WRONG_TYPE: 'The value does not have the type of the field.',
  OUT_OF_RANGE: 'The number or time is outside the range that the field accepts.',
  TOO_LONG: 'The text has more characters than the field accepts.',
  UNKNOWN_FIELD: 'Events of the dataset have no such field.',
  INVALID_VALUE: 'The type is right, but the field does not accept the value.',
};

/** The result type of all mutations that record events. */
export function recordPayload(types: TypeRegistry) {
  return types.once('RecordPayload', (builder) => {
    const rejection = rejectionType(types);
    return builder.objectRef<RecordOutcome>('RecordPayload').implement({
      description:
        'The result of recording a batch of events. It is returned after the commit, so accepted ' +
        'events are durable.',
      fields: (t) => ({
        accepted: t.exposeInt('accepted', { description: 'Number of events that were newly stored.' }),
        duplicates: t.exposeInt('duplicates', {
          description: 'Number of events whose id had been stored before. They were left unchanged.',
        }),
        rejected: t.field({
          type: [rejection],
          description: 'Events that were not stored, with the reason. All others were stored.',
          resolve: ({ rejected }) => rejected,
        }),
        ids: t.idList({
          description: 'Global ids of the accepted and duplicate events, in input order.',
          resolve: ({ ids }) => ids.map(({ dataset, id }) => encodeGlobalId(dataset.entity, id)),
        }),
      }),
    });
  });
}

function rejectionType({ builder }: TypeRegistry) {
  const code = builder.enumType('RejectionCode', {
    description: 'The kind of error in an event.',
    values: enumValues(REJECTION_CODES),
  });
  return builder.objectRef<Rejection>('Rejection').implement({
    description: 'Why one event of a batch was not stored.',
    fields: (t) => ({
      dataset: t.exposeString('dataset', { description: 'The dataset, for example "llmCalls".' }),
      index: t.exposeInt('index', { description: "The event's position in its list, from 0." }),
      field: t.exposeString('field', {
        nullable: true,
        description: 'The invalid field; null if the event as a whole is invalid.',
      }),
      code: t.expose('code', { type: code, description: 'The kind of error.' }),
      message: t.exposeString('message', { description: 'What is wrong, and what would be valid.' }),
    }),
  });
}
