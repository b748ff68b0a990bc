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
import { otherwise, QUOTAS } from './quota-words.ts';

/** Adds `apiKeys`. */
export function addApiKeys(types: TypeRegistry): void {
  types.builder.queryField('apiKeys', (t) =>
    t.connection(
      {
        authScopes: { admin: true },
        type: apiKeyType(types),
        extensions: costsConnection,
        description:
          'The API keys, newest first, including revoked and expired ones. A key for one project ' +
          'can see only the keys of that project.',
        args: {
          projectId: t.arg.string({
            description: 'Only the keys of this project. Default: all keys that the caller can see.',
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
      { description: 'An item of a page of API keys, with its cursor.' },
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
      description:
        'A key that gives access to one project or to all of them. Its text is shown only once, when ' +
        'the key is created.',
      fields: (t) => ({
        apiKeyId: t.expose('id', { type: 'UUID', description: 'The id of the key. It is not a secret.' }),
        projectId: t.exposeString('projectId', {
          nullable: true,
          description: 'The project that the key gives access to; null for all projects.',
        }),
        name: t.exposeString('name', { nullable: true, description: 'The display name.' }),
        start: t.exposeString('start', {
          description: 'The first characters of the key’s text, to recognize it by.',
        }),
        scopes: t.field({
          type: [scopeType(types)],
          description: 'What the key allows.',
          resolve: ({ scopes }) => [...scopes],
        }),
        trustedDocumentsOnly: t.exposeBoolean('trustedDocumentsOnly', {
          description:
            'True if the key may only send trusted documents, by `documentId`, and no other queries.',
        }),
        createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
        expiresAt: t.expose('expiresAt', {
          type: 'DateTime',
          nullable: true,
          description: 'When the key stops working; null if it works until it is revoked.',
        }),
        revokedAt: t.expose('revokedAt', {
          type: 'DateTime',
          nullable: true,
          description: 'When the key was revoked; null if it was not.',
        }),
        lastUsedAt: t.expose('lastUsedAt', {
          type: 'DateTime',
          nullable: true,
          description: 'When the key was last used, accurate to a few minutes; null if never.',
        }),
        eventsPerMinute: t.exposeInt('eventsPerMinute', ownQuota('eventsPerMinute')),
        eventsPerDay: t.exposeInt('eventsPerDay', ownQuota('eventsPerDay')),
        queryCostPerMinute: t.exposeInt('queryCostPerMinute', ownQuota('queryCostPerMinute')),
      }),
    }),
  );
}

const ownQuota = (name: QuotaName) =>
  ({ nullable: true, description: `${QUOTAS[name]} Null: ${otherwise(name)}` }) as const;

const SCOPES: Readonly<Record<Scope, string>> = {
  READ: 'Run queries and subscriptions.',
  INGEST: 'Record events, and change architectures, the metric catalog, alerts, saved views and boards.',
  ADMIN: 'Everything, including how the server works: keys, projects, rules, webhooks, retention.',
};

export function scopeType(types: TypeRegistry) {
  return types.once('ApiKeyScope', (builder) =>
    builder.enumType('ApiKeyScope', {
      description: 'What an API key allows. A key may have several scopes.',
      values: enumValues(SCOPES),
    }),
  );
}
