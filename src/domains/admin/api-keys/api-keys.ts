import { type Caller, requireProjectOf } from '../../../access/caller.ts';
import type { KeyedPart } from '../../../access/keyed-part.ts';
import type { ApiKey, KeyRange } from '../../../access/keys.ts';
import type { Scope } from '../../../access/scopes.ts';
import { isUuid } from '../../../core/ids.ts';
import type { QuotaName } from '../../../core/quotas.ts';
import { enumValues } from '../../../graphql/entities/column-types.ts';
import { costsConnection } from '../../../graphql/limits/field-cost.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { resolveKeyedPage } from '../keyed-pages.ts';

/** Adds `apiKeys`. */
export function addApiKeys(types: TypeRegistry): void {
  types.builder.queryField('apiKeys', (t) =>
    t.connection(
      {
        authScopes: { admin: true },
        type: apiKeyType(types),
        extensions: costsConnection,
        description:
          'The API keys, the newest first, revoked and expired ones included. A key for one project ' +
          'sees only the keys of that project.',
        args: {
          projectId: t.arg.string({
            description: 'Only the keys of this project. Default: all that the caller may see.',
          }),
        },
        resolve: (_root, { projectId, ...args }, { caller, services: { keys } }) => {
          if (projectId != null) requireProjectOf(caller, projectId);
          const range = projectId == null ? rangeOf(caller) : { projectId };
          const list = {
            toCursor: ({ id }: ApiKey) => id,
            isCursor: isUuid,
            page: (part: KeyedPart) => keys.part(range, part),
            count: () => keys.count(range),
          };
          return resolveKeyedPage(list, args);
        },
      },
      { name: 'ApiKeyConnection', description: 'A page of API keys.' },
      { description: 'One of the API keys with its cursor.' },
    ),
  );
}

/** The keys that a caller may see and revoke. */
export function rangeOf({ allProjects, projectId }: Caller): KeyRange {
  return allProjects ? 'ALL' : { projectId };
}

export function apiKeyType(types: TypeRegistry) {
  return types.once('ApiKey', (builder) =>
    builder.objectRef<ApiKey>('ApiKey').implement({
      description: 'A key that opens one project or all of them. Its text is shown only when it is made.',
      fields: (t) => ({
        apiKeyId: t.expose('id', { type: 'UUID', description: 'Its id. It is no secret.' }),
        projectId: t.exposeString('projectId', {
          nullable: true,
          description: 'The project that it opens; null: all projects.',
        }),
        name: t.exposeString('name', { nullable: true, description: 'Its name for people.' }),
        start: t.exposeString('start', {
          description: 'The first characters of its text, to recognize it by.',
        }),
        scopes: t.field({
          type: [scopeType(types)],
          description: 'What it allows.',
          resolve: ({ scopes }) => [...scopes],
        }),
        trustedDocumentsOnly: t.exposeBoolean('trustedDocumentsOnly', {
          description: 'True: it may send trusted documents by `documentId`, and no text of its own.',
        }),
        createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
        expiresAt: t.expose('expiresAt', {
          type: 'DateTime',
          nullable: true,
          description: 'From when it no longer works; null: it works until it is revoked.',
        }),
        revokedAt: t.expose('revokedAt', {
          type: 'DateTime',
          nullable: true,
          description: 'When it was revoked; null: it was not.',
        }),
        lastUsedAt: t.expose('lastUsedAt', {
          type: 'DateTime',
          nullable: true,
          description: 'When it was last used, accurate to a few minutes; null: never.',
        }),
        eventsPerMinute: t.exposeInt('eventsPerMinute', ownQuota('eventsPerMinute')),
        eventsPerDay: t.exposeInt('eventsPerDay', ownQuota('eventsPerDay')),
        queryCostPerMinute: t.exposeInt('queryCostPerMinute', ownQuota('queryCostPerMinute')),
      }),
    }),
  );
}

/** Descriptions of the quotas of a key. */
export const QUOTAS: Readonly<Record<QuotaName, string>> = {
  eventsPerMinute: 'How many events it may record in a minute.',
  eventsPerDay: 'How many events it may record in a day.',
  queryCostPerMinute: 'How much it may spend on operations in a minute, in the unit of `extensions.cost`.',
};

const ownQuota = (name: QuotaName) =>
  ({ nullable: true, description: `${QUOTAS[name]} Null: the default of the server.` }) as const;

const SCOPES: Readonly<Record<Scope, string>> = {
  READ: 'Queries and subscriptions.',
  INGEST: 'Recording events, and changing architectures, the metric catalog, alerts, saved views and boards.',
  ADMIN: 'Everything, and changing how the server works: keys, projects, rules, webhooks, retention.',
};

export function scopeType(types: TypeRegistry) {
  return types.once('ApiKeyScope', (builder) =>
    builder.enumType('ApiKeyScope', {
      description: 'What an API key allows. A key may have several scopes.',
      values: enumValues(SCOPES),
    }),
  );
}
