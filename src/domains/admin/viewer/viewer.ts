import { allows, type Caller } from '../../../access/caller.ts';
import { SCOPES } from '../../../access/scopes.ts';
import { BY_ANYBODY } from '../../../graphql/read-scopes.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { apiKeyType, scopeType } from '../api-keys/api-keys.ts';
import { projectType } from '../projects/projects.ts';

/** Adds `viewer`. */
export function addViewer(types: TypeRegistry): void {
  const type = viewerType(types);
  types.builder.queryField('viewer', (t) =>
    t.field({
      authScopes: BY_ANYBODY,
      type,
      description:
        'The caller and what it may do, so that a page can show what works and which scope is ' +
        'missing. Every caller may query it, including read tokens. Example: `{ viewer { scopes ' +
        'apiKey { name } project { name } } }`.',
      resolve: (_root, _args, { caller }) => caller,
    }),
  );
}

function viewerType(types: TypeRegistry) {
  return types.builder.objectRef<Caller>('Viewer').implement({
    description: 'The caller of the request, identified by its API key or read token.',
    fields: (t) => ({
      scopes: t.field({
        type: [scopeType(types)],
        description:
          'What the caller may do. ADMIN includes the other scopes, so they are listed with it. ' +
          'Without a key, on a server that requires none, all scopes. Empty for a read token, ' +
          'which `datasets` describes.',
        resolve: (caller) => SCOPES.filter((scope) => allows(caller, scope)),
      }),
      allProjects: t.exposeBoolean('allProjects', {
        description:
          'True if the caller may name any project (`Telltale-Project`), and with the scope ADMIN ' +
          'also manage projects.',
      }),
      project: t.field({
        type: projectType(types),
        description: 'The project that the request reads and writes.',
        resolve: ({ projectId }, _args, { services }) => services.projects.get(projectId),
      }),
      apiKey: t.field({
        type: apiKeyType(types),
        nullable: true,
        description: 'The API key of the caller. Null without a key, and for a read token.',
        resolve: ({ keyId, rows }, _args, { services }) =>
          keyId === null || rows !== undefined ? null : services.keys.get(keyId),
      }),
      datasets: t.stringList({
        nullable: true,
        description:
          'For a read token, the datasets that it can read, for example ["llmCalls"]. Null for all ' +
          'other callers.',
        resolve: ({ rows }) => rows && [...rows.keys()],
      }),
      needsKey: t.boolean({
        description:
          'True if the server requires an API key or a read token. If false, it answers either all ' +
          'requests from its own machine, until the first key is created, or all requests ' +
          '(`AUTH=disabled`).',
        resolve: (_caller, _args, { services }) => !services.access.isOpen,
      }),
    }),
  });
}
