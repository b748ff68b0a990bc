import { defineCommand } from 'citty';
import { SCOPES, type Scope } from '../../access/scopes.ts';
import { durationMs } from '../../core/time/duration.ts';
import type { OpenServices } from '../../services.ts';
import { UsageError } from '../import/options.ts';
import { withServices } from './with-services.ts';

export interface CreateOptions {
  readonly project?: string | undefined;
  readonly scope: string;
  readonly name?: string | undefined;
  readonly expires?: string | undefined;
  readonly trustedOnly?: boolean | undefined;
}

/** `telltale keys create`: prints a new key, this one time. */
export const createKeyCommand = defineCommand({
  meta: {
    name: 'create',
    description: 'Create an API key and print it. It is shown only once: the database keeps its hash.',
  },
  args: {
    project: {
      type: 'string',
      description: 'The project that the key opens; created if it is new. Default: all projects',
    },
    scope: {
      type: 'string',
      required: true,
      description: 'What it allows: read, ingest, admin, or several joined by commas',
    },
    name: { type: 'string', description: 'A name to recognize it by' },
    'trusted-only': {
      type: 'boolean',
      description: 'It may send trusted documents by their ids, and no others',
    },
    expires: { type: 'string', description: 'How long it works, such as P90D. Default: until revoked' },
  },
  run: ({ args }) =>
    withServices((services) => createKey(services, { ...args, trustedOnly: args['trusted-only'] })),
});

/** @throws UsageError for a scope or duration that is not valid, and what `Keys.create` throws */
export async function createKey(
  { keys, projects, clock }: Pick<OpenServices['services'], 'keys' | 'projects' | 'clock'>,
  { project, scope, name, expires, trustedOnly }: CreateOptions,
): Promise<string[]> {
  const scopes = scope.split(',').map(scopeOf);
  const expiresAt = expires === undefined ? null : new Date(clock.now() + lifetime(expires));
  const isNew = project !== undefined && !(await projects.has(project));
  if (isNew) await projects.create({ projectId: project });
  const { key, text } = await keys.create({
    ...{ projectId: project ?? null, scopes, name, expiresAt },
    trustedDocumentsOnly: trustedOnly,
  });
  return [
    ...(isNew ? [`Created the project ${project}.`] : []),
    `Created the key ${key.id}: ${key.scopes.join(', ')} for ${project ?? 'all projects'}` +
      `${key.trustedDocumentsOnly ? ', trusted documents only' : ''}` +
      `${expiresAt === null ? '' : `, until ${expiresAt.toISOString()}`}.`,
    'Keep it now, it is not shown again:',
    '',
    `  ${text}`,
    '',
  ];
}

function scopeOf(word: string): Scope {
  const scope = SCOPES.find((known) => known === word.trim().toUpperCase());
  if (scope !== undefined) return scope;
  throw new UsageError(
    `--scope=${word}: must be ${SCOPES.map((known) => known.toLowerCase()).join(', ')}, or several joined by commas.`,
  );
}

function lifetime(text: string): number {
  const milliseconds = durationMs(text);
  if (milliseconds !== null && milliseconds > 0) return milliseconds;
  throw new UsageError(`--expires=${text}: must be an ISO-8601 duration of days or less, such as P90D.`);
}
