import { useAction } from '../../data/act.ts';
import { graphql } from '../../data/graphql.ts';
import type { IpAddresses, ProjectListQuery } from '../../generated/graphql.ts';
import { notify } from '../../parts/toast.tsx';
import { Form, SelectField, TextField, useForm } from '../shared/form.tsx';
import { problemsOf } from '../shared/form-problems.ts';

const Create = graphql(`
  mutation CreateProject($input: CreateProjectInput!) {
    createProject(input: $input) { project { projectId } }
  }
`);

const Update = graphql(`
  mutation UpdateProject($input: UpdateProjectInput!) {
    updateProject(input: $input) { project { projectId } }
  }
`);

export type Project = ProjectListQuery['projects']['nodes'][number];

export const IP_ADDRESSES = [
  { value: 'FULL', label: 'in full' },
  { value: 'TRUNCATED', label: 'truncated' },
  { value: 'NONE', label: 'not at all' },
];

interface ProjectFormProps {
  readonly project: Project | null;
  readonly onSaved: () => void;
  readonly onClose: () => void;
}

export function ProjectForm({ project, onSaved, onClose }: ProjectFormProps) {
  const form = useForm({
    projectId: project?.projectId ?? '',
    name: project?.name ?? '',
    ipAddresses: project?.ipAddresses ?? ('FULL' as string),
  });
  const create = useAction(Create);
  const update = useAction(Update);
  const problems = problemsOf(create.error ?? update.error, ['projectId', 'name', 'ipAddresses']);
  const state = { ...form, problems };
  async function save() {
    const { projectId, name, ipAddresses } = form.values;
    const input = {
      projectId: projectId.trim(),
      ipAddresses: ipAddresses as IpAddresses,
      ...(name.trim() && { name: name.trim() }),
    };
    const done = project === null ? await create.run({ input }) : await update.run({ input });
    if (done === null) return;
    notify('The project is saved.', 'good');
    onSaved();
    onClose();
  }
  return (
    <Form
      submit={project === null ? 'Create the project' : 'Save'}
      isBusy={create.isBusy || update.isBusy}
      problems={problems}
      onSubmit={save}
      onCancel={onClose}
    >
      <TextField
        form={state}
        name="projectId"
        label="Id"
        hint="Lower-case letters, digits and hyphens. It cannot be changed later."
        mono
        disabled={project !== null}
      />
      <TextField form={state} name="name" label="Name" />
      <SelectField
        form={state}
        name="ipAddresses"
        label="How to store IP addresses in its events"
        hint="Applies from now on. Stored addresses stay as they are."
        options={IP_ADDRESSES}
      />
    </Form>
  );
}
