import { useSignal } from '@preact/signals';
import { useAction } from '../../data/act.ts';
import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import type { IpAddresses, ProjectListQuery } from '../../generated/graphql.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Row } from '../../parts/row.tsx';
import { Time } from '../../parts/time.tsx';
import { notify } from '../../parts/toast.tsx';
import { zone } from '../../state/view.ts';
import { ConfirmDialog } from '../shared/confirm-dialog.tsx';
import { ListPager, pageArguments } from '../shared/cursors.tsx';
import { Form, SelectField, TextField, useForm } from '../shared/form.tsx';
import { problemsOf } from '../shared/form-problems.ts';
import { QueryPanel } from '../shared/query-panel.tsx';

const ProjectList = graphql(`
  query ProjectList($first: Int, $after: String, $last: Int, $before: String) {
    projects(first: $first, after: $after, last: $last, before: $before) {
      nodes { projectId name ipAddresses createdAt deletingAt }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`);

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

const Delete = graphql(`
  mutation DeleteProject($input: DeleteProjectInput!) {
    deleteProject(input: $input) { project { projectId deletingAt } }
  }
`);

type Project = ProjectListQuery['projects']['nodes'][number];

const IP_ADDRESSES = [
  { value: 'FULL', label: 'whole' },
  { value: 'TRUNCATED', label: 'truncated' },
  { value: 'NONE', label: 'not at all' },
];

/** The projects, whose data is apart. */
export function Projects() {
  const query = useQuery(ProjectList, pageArguments, { everyMs: 30_000 });
  /** What is edited: a project, or a new one. */
  const edited = useSignal<Project | 'new' | null>(null);
  const doomed = useSignal<string | null>(null);
  const close = () => {
    edited.value = null;
  };
  return (
    <>
      <QueryPanel
        title="Projects"
        query={query}
        document={ProjectList}
        variables={pageArguments()}
        actions={
          <Button
            icon="plus"
            onClick={() => {
              edited.value = 'new';
            }}
          >
            New project
          </Button>
        }
        footer={query.data && <ListPager pageInfo={query.data.projects.pageInfo} />}
        flush
      >
        {({ projects }) => (
          <ProjectTable
            projects={projects.nodes}
            onEdit={(project) => {
              edited.value = project;
            }}
            onDelete={(projectId) => {
              doomed.value = projectId;
            }}
          />
        )}
      </QueryPanel>
      <Dialog
        title={edited.value === 'new' ? 'New project' : 'Project'}
        open={edited.value !== null}
        onClose={close}
      >
        <ProjectForm
          project={edited.value === 'new' ? null : edited.value}
          onSaved={query.refresh}
          onClose={close}
        />
      </Dialog>
      <ConfirmDialog
        title="Delete the project and all of its data?"
        action="Delete everything"
        document={Delete}
        variables={
          doomed.value === null ? null : { input: { projectId: doomed.value, confirm: doomed.value } }
        }
        typed={doomed.value ?? undefined}
        done="The project is being deleted."
        onClose={() => {
          doomed.value = null;
        }}
        onDone={query.refresh}
      >
        Its keys stop working at once, and its events, rules, alerts and settings are removed. Nothing brings
        them back but a backup.
      </ConfirmDialog>
    </>
  );
}

interface ProjectTableProps {
  readonly projects: readonly Project[];
  readonly onEdit: (project: Project) => void;
  readonly onDelete: (projectId: string) => void;
}

function ProjectTable({ projects, onEdit, onDelete }: ProjectTableProps) {
  return (
    <DataTable
      caption="Projects"
      rows={projects}
      keyOf={({ projectId }) => projectId}
      columns={[
        { key: 'id', title: 'Id', cell: ({ projectId }) => <code>{projectId}</code> },
        { key: 'name', title: 'Name', value: ({ name }) => name },
        {
          key: 'ip',
          title: 'IP addresses are stored',
          value: ({ ipAddresses }) => IP_ADDRESSES.find(({ value }) => value === ipAddresses)?.label,
          hideBelow: 'narrow',
        },
        {
          key: 'created',
          title: 'Created',
          cell: ({ createdAt }) => <Time at={createdAt} zone={zone.value} />,
          hideBelow: 'narrow',
        },
        {
          key: 'actions',
          title: '',
          cell: (project) =>
            project.deletingAt !== null ? (
              <Badge tone="warn">being deleted</Badge>
            ) : (
              <Row gap="tight" wrap={false} align="end">
                <Button kind="plain" onClick={() => onEdit(project)}>
                  Edit
                </Button>
                <Button kind="plain" onClick={() => onDelete(project.projectId)}>
                  Delete
                </Button>
              </Row>
            ),
          width: '150px',
        },
      ]}
    />
  );
}

interface ProjectFormProps {
  readonly project: Project | null;
  readonly onSaved: () => void;
  readonly onClose: () => void;
}

function ProjectForm({ project, onSaved, onClose }: ProjectFormProps) {
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
        label="IP addresses in its events are stored"
        hint="From now on: what is stored already stays."
        options={IP_ADDRESSES}
      />
    </Form>
  );
}
