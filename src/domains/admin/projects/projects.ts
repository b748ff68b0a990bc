import type { Project } from '../../../access/projects.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';

/** Adds `projects`. */
export function addProjects(types: TypeRegistry): void {
  types.builder.queryField('projects', (t) =>
    t.field({
      authScopes: { admin: true },
      type: [projectType(types)],
      description: 'The projects that the API key opens, by their ids.',
      resolve: async (_root, _args, { caller, services }) => {
        const projects = await services.projects.list();
        return projects.filter(({ projectId }) => caller.allProjects || projectId === caller.projectId);
      },
    }),
  );
}

export function projectType(types: TypeRegistry) {
  return types.once('Project', (builder) =>
    builder.objectRef<Project>('Project').implement({
      description: 'A tenant: everything that is recorded belongs to one project.',
      fields: (t) => ({
        projectId: t.exposeString('projectId', {
          description: 'Its id, as in the header `Telltale-Project`.',
        }),
        name: t.exposeString('name', { description: 'Its name for people.' }),
        createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
        updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When its name last changed.' }),
        deletingAt: t.expose('deletingAt', {
          type: 'DateTime',
          nullable: true,
          description:
            'From when the project is being deleted: its keys no longer work, and its data is ' +
            'removed. Null: it is not being deleted.',
        }),
      }),
    }),
  );
}

/** The payload of a mutation that returns one project. */
export function projectPayload(types: TypeRegistry, name: string, description: string) {
  return types.builder.objectRef<Project>(name).implement({
    description: 'The result of a change of a project.',
    fields: (t) => ({
      project: t.field({ type: projectType(types), description, resolve: (project) => project }),
    }),
  });
}
