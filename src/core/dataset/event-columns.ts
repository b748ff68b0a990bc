import { json, text, timestamp, uuid } from './column.ts';
import type { ColumnTypes } from './names.ts';
import type { Draft, Values } from './values.ts';

const SERVICE = text({
  role: 'dimension',
  optional: true,
  description: 'The service that reported the event, for example "checkout-api".',
});
const ENVIRONMENT = text({
  role: 'dimension',
  optional: true,
  description: 'The deployment environment, for example "production".',
});

/** The columns that every dataset begins with. Ids are derived from the column `naturalKey`. */
export const firstColumns = (naturalKey: string | undefined) => ({
  projectId: text({
    source: 'server',
    verbatim: true,
    description: 'The project (tenant) that the event belongs to.',
  }),
  id: uuid({
    source: naturalKey === undefined ? 'client-or-server' : 'server',
    description:
      naturalKey === undefined
        ? 'UUID. Send your own to make retries safe: the same id again is stored once. Default: a new UUIDv7.'
        : `UUID derived from the project and ${naturalKey}.`,
  }),
  timestamp: timestamp({
    source: 'client-or-server',
    past: true,
    description:
      'Time of the event (UTC, milliseconds). Default: now. Times more than 24 h in the ' +
      'future are rejected.',
  }),
  receivedAt: timestamp({
    source: 'server',
    description: 'When the server received the event, according to its own clock.',
  }),
  service: SERVICE,
  environment: ENVIRONMENT,
});

/** The column by which the events of a dataset belong to requests. */
export const requestColumns = (naturalKey: string | undefined) => ({
  requestId: text({
    verbatim: true,
    optional: naturalKey !== 'requestId',
    description: 'Identifies the request that the event belongs to, across datasets.',
  }),
});

/** The columns that every dataset ends with. */
export const LAST_COLUMNS = {
  tags: json({
    optional: true,
    texts: { most: 20, keyLength: 100, valueLength: 200 },
    description:
      'Your own dimensions, as text: {"team": "search", "feature": "summaries", "costCenter": ' +
      '"4711", "repo": "shop", "branch": "main"}. At most 20, with names of at most 100 characters ' +
      'and values of at most 200. Filters and analytics read them by name. Secrets in them are ' +
      'masked.',
  }),
  attributes: json({
    optional: true,
    description:
      'A small JSON object for data that no column covers (at most 8,192 characters of ' +
      'JSON). Filters and analytics read its values by their paths. Secrets in it are masked.',
  }),
};

type FirstColumns = ReturnType<typeof firstColumns>;

/** The columns that all datasets have. */
export type CommonEventColumns = FirstColumns & typeof LAST_COLUMNS;

/** All columns of a dataset whose own columns are `Own`. */
export type EventColumns<Own extends ColumnTypes, InRequest extends boolean> = Own &
  CommonEventColumns &
  (InRequest extends true ? ReturnType<typeof requestColumns> : unknown);

/** The columns that are set before the event is completed. */
type Known = 'projectId' | 'id' | 'timestamp' | 'receivedAt';

/** An event that the server must still complete. */
export type EventDraft<Columns extends CommonEventColumns> = Draft<Omit<Columns, Known>> &
  Pick<Values<Columns>, Known>;
