import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import type { Column } from '../../parts/column.ts';
import { Dialog, useOpened } from '../../parts/dialog.tsx';
import { Row } from '../../parts/row.tsx';
import { Time } from '../../parts/time.tsx';
import { zone } from '../../state/view.ts';
import { cellColumn, textColumn } from '../shared/columns.tsx';
import { ConfirmDialog } from '../shared/confirm-dialog.tsx';
import { pageArguments } from '../shared/cursors.tsx';
import { TablePanel } from '../shared/table-panel.tsx';
import { IP_ADDRESSES, type Project, ProjectForm } from './project-form.tsx';

const ProjectList = graphql(`
  query ProjectList($first: Int, $after: String, $last: Int, $before: String) {
    projects(first: $first, after: $after, last: $last, before: $before) {
      nodes { projectId name ipAddresses createdAt deletingAt }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`);

const Delete = graphql(`
  mutation DeleteProject($input: DeleteProjectInput!) {
    deleteProject(input: $input) { project { projectId deletingAt } }
  }
`);

/** The projects. Their data is separate. */
export function Projects() {
  const query = useQuery(ProjectList, pageArguments, { everyMs: 30_000 });
  /** What is being edited: a project, or a new one. */
  const edited = useOpened<Project | 'new'>();
  const doomed = useOpened<string>();
  return (
    <>
      <TablePanel
        title="Projects"
        query={query}
        actions={
          <Button icon="plus" onClick={() => edited.open('new')}>
            New project
          </Button>
        }
        rowsOf={({ projects }) => projects.nodes}
        pageInfoOf={({ projects }) => projects.pageInfo}
        keyOf={({ projectId }) => projectId}
        columns={columnsOf(edited.open, doomed.open)}
      />
      <Dialog
        title={edited.what === 'new' ? 'New project' : 'Project'}
        open={edited.what !== null}
        onClose={edited.close}
      >
        <ProjectForm
          project={edited.what === 'new' ? null : edited.what}
          onSaved={query.refresh}
          onClose={edited.close}
        />
      </Dialog>
      <ConfirmDialog
        title="Delete the project and all of its data?"
        action="Delete everything"
        document={Delete}
        variables={doomed.what === null ? null : { input: { projectId: doomed.what, confirm: doomed.what } }}
        typed={doomed.what ?? undefined}
        done="The project is being deleted."
        onClose={doomed.close}
        onDone={query.refresh}
      >
        Its keys stop working at once, and its events, rules, alerts and settings are removed. Only a backup
        can restore them.
      </ConfirmDialog>
    </>
  );
}

const columnsOf = (
  onEdit: (project: Project) => void,
  onDelete: (projectId: string) => void,
): readonly Column<Project>[] => [
  cellColumn('id', 'Id', ({ projectId }) => <code>{projectId}</code>),
  textColumn('name', 'Name', ({ name }) => name),
  textColumn(
    'ip',
    'IP addresses',
    ({ ipAddresses }) => IP_ADDRESSES.find(({ value }) => value === ipAddresses)?.label,
    { hideBelow: 'narrow' },
  ),
  cellColumn('created', 'Created', ({ createdAt }) => <Time at={createdAt} zone={zone.value} />, {
    hideBelow: 'narrow',
  }),
  cellColumn(
    'actions',
    '',
    (project) =>
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
    { width: '150px' },
  ),
];
