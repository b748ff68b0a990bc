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
        'Who asks, and what it may do: a page can show what works, and say which scope is missing. Every ' +
        'caller may ask it, read tokens included. Example: `{ viewer { scopes apiKey { name } project { name } } }`.',
      resolve: (_root, _args, { caller }) => caller,
    }),
  );
}

function viewerType(types: TypeRegistry) {
  return types.builder.objectRef<Caller>('Viewer').implement({
    description: 'The caller: whoever sent the request, by its API key or read token.',
    fields: (t) => ({
      scopes: t.field({
        type: [scopeType(types)],
        description:
          'What it may do. ADMIN includes the other scopes, so they are listed with it. Without a key, on a ' +
          'server that needs none: all of them. None for a read token, which `datasets` describes.',
        resolve: (caller) => SCOPES.filter((scope) => allows(caller, scope)),
      }),
      allProjects: t.exposeBoolean('allProjects', {
        description:
          'Whether it may name any project (`Telltale-Project`), and manage projects if it has the scope ADMIN.',
      }),
      project: t.field({
        type: projectType(types),
        description: 'The project that the request reads and writes.',
        resolve: ({ projectId }, _args, { services }) => services.projects.get(projectId),
      }),
      apiKey: t.field({
        type: apiKeyType(types),
        nullable: true,
        description: 'Its API key. Null without a key, and for a read token.',
        resolve: ({ keyId, rows }, _args, { services }) =>
          keyId === null || rows !== undefined ? null : services.keys.get(keyId),
      }),
      datasets: t.stringList({
        nullable: true,
        description:
          'For a read token: the datasets of which it may read some rows, for example ["llmCalls"]. Null for ' +
          'all others.',
        resolve: ({ rows }) => rows && [...rows.keys()],
      }),
      needsKey: t.boolean({
        description:
          'Whether the server answers requests with an API key or a read token only. False: it answers ' +
          'everybody on its machine, until the first key is made, or everybody (`AUTH=disabled`).',
        resolve: (_caller, _args, { services }) => !services.access.isOpen,
      }),
    }),
  });
}
