import { SCOPES, type Scope } from '../../access/scopes.ts';
import { MAX_QUOTA, type QuotaName } from '../../core/quotas.ts';
import { durationMs } from '../../core/time/duration.ts';
import type { OpenServices } from '../../services.ts';
import { UsageError } from '../import/options.ts';
import { JSON_ARGUMENT } from '../output.ts';
import { defineCommand } from '../program/define-command.ts';
import { type KeysResult, withServices } from './with-services.ts';

interface CreateOptions {
  readonly project?: string | undefined;
  readonly scope: string;
  readonly name?: string | undefined;
  readonly expires?: string | undefined;
  readonly eventsPerMinute?: string | undefined;
  readonly eventsPerDay?: string | undefined;
  readonly queryCostPerMinute?: string | undefined;
  readonly trustedOnly?: boolean | undefined;
}

const ELSE = 'Default: that of the server';

/** `telltale keys create`: prints a new key, which is never shown again. */
export const createKeyCommand = defineCommand({
  meta: {
    name: 'create',
    description: 'Create an API key and print it. It is shown only once: the database stores only its hash.',
  },
  args: {
    project: {
      type: 'string',
      description: 'The project that the key gives access to; created if it is new. Default: all projects',
    },
    scope: {
      type: 'string',
      valueHint: 'SCOPES',
      required: true,
      description: 'What it allows: read, ingest, admin, or several joined by commas',
    },
    name: { type: 'string', description: 'A name to recognize it by' },
    'trusted-only': {
      type: 'boolean',
      description: 'It may send only trusted documents, by their ids',
    },
    expires: {
      type: 'string',
      valueHint: 'DURATION',
      description: 'How long the key works, such as P90D. Default: until revoked',
    },
    'events-per-minute': {
      type: 'string',
      valueHint: 'N',
      description: `How many events the key may record per minute. ${ELSE}`,
    },
    'events-per-day': {
      type: 'string',
      valueHint: 'N',
      description: `How many events the key may record per day. ${ELSE}`,
    },
    'query-cost-per-minute': {
      type: 'string',
      valueHint: 'N',
      description: `How much the key may spend on operations per minute. ${ELSE}`,
    },
    ...JSON_ARGUMENT,
  },
  examples: [
    [
      'telltale keys create --scope=ingest --project=shop --name=checkout',
      'A key with which a service records events of one project',
    ],
    ['telltale keys create --scope=read,admin --expires=P90D', 'A key for an operator, for 90 days'],
  ],
  run: ({ args }) =>
    withServices(args, (services) => createKey(services, { ...args, trustedOnly: args['trusted-only'] })),
});

/** @throws UsageError for an invalid scope or duration, and whatever `Keys.create` throws */
async function createKey(
  { keys, projects, clock }: Pick<OpenServices['services'], 'keys' | 'projects' | 'clock'>,
  options: CreateOptions,
): Promise<KeysResult> {
  const { project, scope, name, expires } = options;
  const scopes = scope.split(',').map(scopeOf);
  const expiresAt = expires === undefined ? null : new Date(clock.now() + lifetime(expires));
  const quotas = readQuotas(options);
  const isNew = project !== undefined && !(await projects.has(project));
  if (isNew) await projects.create({ projectId: project });
  const { key, text } = await keys.create({
    ...{ projectId: project ?? null, scopes, name, expiresAt, quotas },
    trustedDocumentsOnly: options.trustedOnly,
  });
  const lines = [
    ...(isNew ? [`Created the project ${project}.`] : []),
    `Created the key ${key.id}: ${key.scopes.join(', ')} for ${project ?? 'all projects'}` +
      `${key.trustedDocumentsOnly ? ', trusted documents only' : ''}` +
      `${expiresAt === null ? '' : `, until ${expiresAt.toISOString()}`}.`,
    'Store it now; it is not shown again:',
    '',
    `  ${text}`,
    '',
  ];
  // This is the only time that the text of the key can be read.
  return { result: { key, text, createdProject: isNew }, lines };
}

function scopeOf(word: string): Scope {
  const scope = SCOPES.find((known) => known === word.trim().toUpperCase());
  if (scope !== undefined) return scope;
  throw new UsageError(
    `--scope=${word}: must be ${SCOPES.map((known) => known.toLowerCase()).join(', ')}, or several joined by commas.`,
  );
}

/** @throws UsageError */
function readQuotas(given: { readonly [Name in QuotaName]?: string | undefined }) {
  const read = (name: QuotaName, option: string): number | null => {
    const text = given[name];
    if (text === undefined) return null;
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= 1 && value <= MAX_QUOTA) return value;
    throw new UsageError(`--${option}=${text}: must be a whole number from 1 to ${MAX_QUOTA}.`);
  };
  return {
    eventsPerMinute: read('eventsPerMinute', 'events-per-minute'),
    eventsPerDay: read('eventsPerDay', 'events-per-day'),
    queryCostPerMinute: read('queryCostPerMinute', 'query-cost-per-minute'),
  };
}

function lifetime(text: string): number {
  const milliseconds = durationMs(text);
  if (milliseconds !== null && milliseconds > 0) return milliseconds;
  throw new UsageError(`--expires=${text}: must be an ISO-8601 duration of days or less, such as P90D.`);
}
