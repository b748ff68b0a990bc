import { wholeNumber } from './kinds.ts';

const MEBIBYTE = 1024 * 1024;

/** Limits for what a query may request, read and take, and for downloads of events. */
export const queryLimitVariables = {
  MAX_QUERY_DEPTH: {
    ...wholeNumber('levels', 1, 1000),
    default: '15',
    description: 'Maximum nesting of fields in an operation. Introspection has its own limit of 20 levels.',
  },
  MAX_QUERY_TOKENS: {
    ...wholeNumber('tokens', 10, 10_000_000),
    default: '5000',
    description: 'Largest GraphQL document, in lexical tokens. Send events as variables, which do not count.',
  },
  MAX_ALIASES: {
    ...wholeNumber('aliases', 0, 100_000),
    default: '50',
    description: 'Maximum number of aliases in an operation.',
  },
  MAX_QUERY_COST: {
    ...wholeNumber('rows', 1_000, 1_000_000_000),
    default: '200000',
    description:
      'Maximum price of an operation: the rows and rollup cells that it may have to read or show. ' +
      'The request header `Telltale-Cost: 1` shows the price in `extensions.cost`.',
  },
  MAX_RUNNING_COST: {
    ...wholeNumber('rows', 1_000, 1_000_000_000),
    default: '100000',
    description:
      'Maximum total price of the queries of one project that run at the same time; all projects together ' +
      'may have twice that. Others wait for their turn, at most QUERY_DEADLINE_MS, and then fail with ' +
      'OVERLOADED. A query that costs more runs alone in its project.',
  },
  QUERY_DEADLINE_MS: {
    ...wholeNumber('milliseconds', 100, 3_600_000),
    default: '30000',
    description:
      'How long a query may run. After that the server stops its statements, and it fails with ' +
      'QUERY_TOO_COMPLEX.',
  },
  MAX_READ_ROWS: {
    ...wholeNumber('rows', 1_000, 1_000_000_000),
    default: '300000',
    description: 'Maximum number of rows that the statements of one query may return together.',
  },
  MAX_READ_BYTES: {
    ...wholeNumber('bytes', MEBIBYTE, 64 * 1024 * MEBIBYTE),
    default: String(96 * MEBIBYTE),
    description: 'Maximum size of the results of all statements of one query.',
  },
  MAX_RUNNING_BYTES: {
    ...wholeNumber('bytes', MEBIBYTE, 64 * 1024 * MEBIBYTE),
    default: String(96 * MEBIBYTE),
    description:
      'What is in memory for all answers together: what queries have read, and the texts of long answers until ' +
      'clients take them. Beyond half of it, and a quarter by one project, queries wait before they read more, ' +
      'and a client that takes nothing for 5 s is disconnected. A query that reads beyond all of it fails with OVERLOADED.',
  },
  MAX_ANSWER_BYTES: {
    ...wholeNumber('bytes', MEBIBYTE, 1024 * MEBIBYTE),
    default: String(32 * MEBIBYTE),
    description: 'Longest answer of an operation. Downloads of events (`/export/…`) have no limit.',
  },
  MAX_READ_CELLS: {
    ...wholeNumber('totals', 1_000, 1_000_000_000),
    default: '250000',
    description:
      'Maximum number of totals that the analytics of one query may hold: one per bucket, group and ' +
      'measure, two with quantiles. An empty point of a series is one per measure.',
  },
  MAX_EXPORTS: {
    ...wholeNumber('downloads', 1, 1_000),
    default: '4',
    description:
      'Maximum number of downloads of events (`/export/…`) that run at the same time. One project may ' +
      'have at most half of them. Others are refused with OVERLOADED.',
  },
  EXPORT_DEADLINE_MS: {
    ...wholeNumber('milliseconds', 1_000, 86_400_000),
    default: '600000',
    description:
      'How long a download of events may take. After that the server breaks it off, and the client can ' +
      'continue with a cursor.',
  },
};
