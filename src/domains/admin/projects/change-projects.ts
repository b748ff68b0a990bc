import { requireAllProjects, requireProjectOf } from '../../../access/caller.ts';
import { InvalidArgument } from '../../../core/errors.ts';
import { PROJECT_ID_RULE } from '../../../core/project-id.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { ipAddressesType, projectPayload } from './projects.ts';

/** Adds `createProject`, `updateProject` and `deleteProject`. */
export function addProjectMutations(types: TypeRegistry): void {
  addCreateProject(types);
  addUpdateProject(types);
  addDeleteProject(types);
}

function addCreateProject(types: TypeRegistry): void {
  const { builder } = types;
  const input = builder.inputType('CreateProjectInput', {
    description: 'The project to create.',
    fields: (t) => ({
      projectId: t.string({ required: true, description: `The id: ${PROJECT_ID_RULE}.` }),
      name: t.string({ description: 'The display name, up to 100 characters. Default: the id.' }),
      ipAddresses: t.field({
        type: ipAddressesType(types),
        description: 'How much of each IP address in the project’s events is stored. Default: FULL.',
      }),
    }),
  });
  builder.mutationField('createProject', (t) =>
    t.field({
      authScopes: { admin: true },
      type: projectPayload(types, 'CreateProjectPayload', 'The new project.'),
      description:
        'Creates a project. Needs an API key for all projects. CONFLICT if there is a project with ' +
        'this id, or if one is still being deleted.',
      args: { input: t.arg({ type: input, required: true, description: 'The project.' }) },
      resolve: (_root, args, { caller, services }) => {
        requireAllProjects(caller, 'createProject');
        return services.projects.create(args.input);
      },
    }),
  );
}

function addUpdateProject(types: TypeRegistry): void {
  const { builder } = types;
  const input = builder.inputType('UpdateProjectInput', {
    description: 'The new values of a project. Omitted fields keep their values.',
    fields: (t) => ({
      projectId: t.string({ required: true, description: 'The project.' }),
      name: t.string({ description: 'The display name, up to 100 characters.' }),
      ipAddresses: t.field({
        type: ipAddressesType(types),
        description:
          'How much of each IP address in the project’s events is stored from now on. Stored ' +
          'addresses stay as they are.',
      }),
    }),
  });
  builder.mutationField('updateProject', (t) =>
    t.field({
      authScopes: { admin: true },
      type: projectPayload(types, 'UpdateProjectPayload', 'The project as it is now.'),
      description:
        'Changes a project. Its id never changes. The change reaches other servers on the same ' +
        'database within two seconds. NOT_FOUND if there is no such project.',
      args: { input: t.arg({ type: input, required: true, description: 'The new values.' }) },
      resolve: (_root, { input: { projectId, ...settings } }, { caller, services }) => {
        requireProjectOf(caller, projectId);
        return services.projects.update(projectId, settings);
      },
    }),
  );
}

function addDeleteProject(types: TypeRegistry): void {
  const { builder } = types;
  const input = builder.inputType('DeleteProjectInput', {
    description: 'The project to delete.',
    fields: (t) => ({
      projectId: t.string({ required: true, description: 'The project.' }),
      confirm: t.string({
        required: true,
        description: 'The id of the project again, to confirm that all of its data may be deleted.',
      }),
    }),
  });
  builder.mutationField('deleteProject', (t) =>
    t.field({
      authScopes: { admin: true },
      type: projectPayload(types, 'DeleteProjectPayload', 'The project that is being deleted.'),
      description:
        'Deletes a project with all of its data and API keys. Its keys and subscriptions end ' +
        'within seconds, and requests for it are NOT_FOUND. The server then removes the data in ' +
        'batches; `projects` lists the project until all of it is removed. The data cannot be ' +
        'restored. Needs an API key for all projects. The project "default" cannot be deleted.',
      args: { input: t.arg({ type: input, required: true, description: 'The project.' }) },
      resolve: (_root, { input: { projectId, confirm } }, { caller, services }) => {
        requireAllProjects(caller, 'deleteProject');
        if (confirm !== projectId) {
          throw new InvalidArgument(
            `This would delete all data of the project. To confirm, repeat its id "${projectId}".`,
            'input.confirm',
          );
        }
        return services.projects.delete(projectId);
      },
    }),
  );
}
