import { type Caller, requireProjectOf } from '../../../access/caller.ts';
import type { ApiKey } from '../../../access/keys.ts';
import { InvalidArgument } from '../../../core/errors.ts';
import type { QuotaName } from '../../../core/quotas.ts';
import { durationMs } from '../../../core/time/duration.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { apiKeyType, rangeOf, scopeType } from './api-keys.ts';
import { otherwise, QUOTAS } from './quota-words.ts';

/** Adds `createApiKey` and `revokeApiKey`. */
export function addApiKeyMutations(types: TypeRegistry): void {
  addCreateApiKey(types);
  addRevokeApiKey(types);
}

function addCreateApiKey(types: TypeRegistry): void {
  const { builder } = types;
  builder.mutationField('createApiKey', (t) =>
    t.field({
      authScopes: { admin: true },
      type: createPayload(types),
      description:
        'Creates an API key. It works at once on this server, and within seconds on others. A caller ' +
        'whose key opens one project creates keys of that project only. The first key of a server ' +
        'on its own machine closes it to requests without a key.',
      args: { input: t.arg({ type: createInput(types), required: true, description: 'The key.' }) },
      resolve: (_root, { input }, { caller, services: { keys, clock } }) =>
        keys.create({
          projectId: projectOf(caller, input.project),
          scopes: input.scopes,
          name: input.name,
          trustedDocumentsOnly: input.trustedDocumentsOnly,
          expiresAt: expiryOf(input.expiresIn, clock.now()),
          quotas: input,
        }),
    }),
  );
}

/** The project of a new key. Null: all projects. @throws TelltaleError FORBIDDEN */
function projectOf(caller: Caller, wanted: string | null | undefined): string | null {
  const projectId = wanted ?? (caller.allProjects ? null : caller.projectId);
  if (projectId !== null) requireProjectOf(caller, projectId);
  return projectId;
}

function expiryOf(duration: string | null | undefined, now: number): Date | null {
  if (duration === null || duration === undefined) return null;
  const milliseconds = durationMs(duration);
  if (milliseconds !== null && milliseconds > 0) return new Date(now + milliseconds);
  throw new InvalidArgument(
    `"${duration}" is not valid here. Use weeks, days or less, such as "P90D".`,
    'input.expiresIn',
  );
}

function createInput(types: TypeRegistry) {
  return types.builder.inputType('CreateApiKeyInput', {
    description: 'The API key to create.',
    fields: (t) => ({
      project: t.string({
        description:
          'The project that it opens. Default: the only project of the caller; for a caller of all ' +
          'projects, all of them, which needs the scope ADMIN.',
      }),
      scopes: t.field({ type: [scopeType(types)], required: true, description: 'What it allows.' }),
      name: t.string({ description: 'A name to recognize it by, up to 100 characters.' }),
      trustedDocumentsOnly: t.boolean({
        description:
          'True: it may send the documents that the operator trusts (TRUSTED_DOCUMENTS) by ' +
          '`documentId`, and no text of its own. Default: false.',
      }),
      expiresIn: t.field({
        type: 'Duration',
        description: 'How long it works, such as "P90D". Default: until it is revoked.',
      }),
      eventsPerMinute: t.int(quota('eventsPerMinute')),
      eventsPerDay: t.int(quota('eventsPerDay')),
      queryCostPerMinute: t.int(quota('queryCostPerMinute')),
    }),
  });
}

const quota = (name: QuotaName) => ({
  description: `${QUOTAS[name]} At least 1. Default: ${otherwise(name)}`,
});

function createPayload(types: TypeRegistry) {
  return types.builder
    .objectRef<{ readonly key: ApiKey; readonly text: string }>('CreateApiKeyPayload')
    .implement({
      description: 'The API key that was created.',
      fields: (t) => ({
        apiKey: t.field({ type: apiKeyType(types), description: 'The key.', resolve: ({ key }) => key }),
        text: t.exposeString('text', {
          description: 'The secret text of the key. It is shown this one time: the database has its hash.',
        }),
      }),
    });
}

function addRevokeApiKey(types: TypeRegistry): void {
  const { builder } = types;
  const input = builder.inputType('RevokeApiKeyInput', {
    description: 'The API key to revoke.',
    fields: (t) => ({
      apiKeyId: t.field({ type: 'UUID', required: true, description: 'Its id.' }),
    }),
  });
  const payload = builder.objectRef<ApiKey>('RevokeApiKeyPayload').implement({
    description: 'The API key that was revoked.',
    fields: (t) => ({
      apiKey: t.field({ type: apiKeyType(types), description: 'The key.', resolve: (key) => key }),
    }),
  });
  builder.mutationField('revokeApiKey', (t) =>
    t.field({
      authScopes: { admin: true },
      type: payload,
      description:
        'Revokes an API key for good. It stops working at once on this server and within seconds on ' +
        'others, and what it opened ends: WebSockets with 4403, server-sent events with an error. A ' +
        'key that was revoked before stays as it is. NOT_FOUND if the caller manages no such key.',
      args: { input: t.arg({ type: input, required: true, description: 'The key.' }) },
      resolve: (_root, args, { caller, services }) =>
        services.keys.revoke(args.input.apiKeyId, rangeOf(caller)),
    }),
  );
}
