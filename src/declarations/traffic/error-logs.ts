import { enumeration, text } from '../../core/dataset/column.ts';
import { defineDataset } from '../../core/dataset/dataset.ts';
import { SESSION_COLUMN } from '../../core/dataset/work.ts';
import { inSession } from '../agents/sessions.ts';
import { fingerprint } from './fingerprint.ts';

/** Errors with their stack traces (source 0, `error_logs`). */
export const errorLogs = defineDataset({
  name: 'errorLogs',
  entity: 'ErrorLog',
  table: 'error_logs',
  description:
    'An error that a service reported. Errors with the same fingerprint are occurrences of one problem.',
  belongsToRequest: true,
  fromRequest: ['sessionId', 'tags'],
  columns: {
    ...SESSION_COLUMN,
    errorType: text({ role: 'dimension', description: 'Class of the error, for example "TimeoutError".' }),
    errorMessage: text({
      maxLength: 4000,
      truncate: true,
      mayBeEmpty: true,
      description:
        'The message, with secrets masked, cut after 4,000 characters; empty if the error has no message.',
    }),
    stackTrace: text({
      optional: true,
      maxLength: 32_000,
      truncate: true,
      description: 'The stack trace, with secrets masked, cut after 32,000 characters.',
    }),
    severity: enumeration(
      'ErrorSeverity',
      {
        WARNING: 'Something unusual happened; the request succeeded.',
        ERROR: 'The request failed.',
        CRITICAL: 'The service cannot do its work.',
      },
      { role: 'dimension', default: 'ERROR', description: 'The severity of the error. Default: ERROR.' },
    ),
    fingerprint: text({
      role: 'dimension',
      source: 'server',
      maxLength: 16,
      description:
        'Groups occurrences of one problem: errors with the same type, and the same message apart ' +
        'from ids and numbers, share a fingerprint.',
    }),
  },
  indexed: ['requestId', 'sessionId', 'fingerprint'],
  rollups: [
    { dimensions: [] },
    { dimensions: ['errorType', 'severity'] },
    { dimensions: ['service', 'environment'] },
    {
      dimensions: ['fingerprint', 'errorType', 'severity', 'service', 'environment'],
      grains: ['HOUR', 'DAY'],
    },
  ],
  tally: {
    ...inSession,
    newest: { service: 'service' },
    collected: {},
    totals: { errorCount: {} },
  },
  complete: (error) => {
    error.fingerprint = fingerprint(error.errorType, error.errorMessage);
  },
});
