import type { KeyedPart } from '../../../access/keyed-part.ts';
import type { Project } from '../../../access/projects.ts';
import { IP_ADDRESSES } from '../../../core/ip-addresses.ts';
import { PROJECT_ID } from '../../../core/project-id.ts';
import { enumValues } from '../../../graphql/entities/column-types.ts';
import { costsConnection } from '../../../graphql/limits/field-cost.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { resolveKeyedPage } from '../keyed-pages.ts';

/** Adds `projects`. */
export function addProjects(types: TypeRegistry): void {
  types.builder.queryField('projects', (t) =>
    t.connection(
      {
        authScopes: { admin: true },
        type: projectType(types),
        extensions: costsConnection,
        description: 'The projects that the API key gives access to, sorted by id.',
        resolve: (_root, args, { caller, services: { projects } }) => {
          const only = caller.allProjects ? undefined : caller.projectId;
          const list = {
            toCursor: ({ projectId }: Project) => projectId,
            isCursor: (text: string) => PROJECT_ID.test(text),
            page: (part: KeyedPart) => projects.part(part, only),
            count: async () => (only === undefined ? projects.count() : 1),
          };
          return resolveKeyedPage(list, args);
        },
      },
      { name: 'ProjectConnection', description: 'A page of projects.' },
      { description: 'An item of a page of projects, with its cursor.' },
    ),
  );
}

export function projectType(types: TypeRegistry) {
  return types.once('Project', (builder) =>
    builder.objectRef<Project>('Project').implement({
      description: 'A tenant: everything that is recorded belongs to one project.',
      fields: (t) => ({
        projectId: t.exposeString('projectId', {
          description: 'The id of the project, as in the header `Telltale-Project`.',
        }),
        name: t.exposeString('name', { description: 'The display name.' }),
        ipAddresses: t.field({
          type: ipAddressesType(types),
          description: 'How much of each IP address in the project’s events is stored.',
          resolve: ({ ipAddresses }) => ipAddresses,
        }),
        createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
        updatedAt: t.expose('updatedAt', {
          type: 'DateTime',
          description: 'When its settings last changed.',
        }),
        deletingAt: t.expose('deletingAt', {
          type: 'DateTime',
          nullable: true,
          description:
            'Since when the project is being deleted: its keys no longer work, and its data is ' +
            'being removed. Null if it is not being deleted.',
        }),
      }),
    }),
  );
}

export function ipAddressesType(types: TypeRegistry) {
  return types.once('IpAddresses', (builder) =>
    builder.enumType('IpAddresses', {
      description:
        'How much of an IP address a project stores. Addresses in fields for addresses, such as ' +
        '`ipAddress` of `requestLogs`, are shortened before they are stored or sent to ' +
        'subscribers. Addresses inside other text and `attributes` stay as they are.',
      values: enumValues(IP_ADDRESSES),
    }),
  );
}

/** The payload of a mutation that returns one project. */
export function projectPayload(types: TypeRegistry, name: string, description: string) {
  return types.builder.objectRef<Project>(name).implement({
    description: 'The result of a change to a project.',
    fields: (t) => ({
      project: t.field({ type: projectType(types), description, resolve: (project) => project }),
    }),
  });
}
