import { useSignal } from '@preact/signals';
import { useAction } from '../../data/act.ts';
import { graphql } from '../../data/graphql.ts';
import { useLive } from '../../data/live.ts';
import { useQuery } from '../../data/use-query.ts';
import { formatValue } from '../../format/value.ts';
import type { BackupListQuery, BackupProgressSubscription } from '../../generated/graphql.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import type { Column } from '../../parts/column.ts';
import { Time } from '../../parts/time.tsx';
import { notify } from '../../parts/toast.tsx';
import { zone } from '../../state/view.ts';
import { cellColumn, numberColumn, textColumn } from '../shared/columns.tsx';
import { TablePanel } from '../shared/table-panel.tsx';

const BackupList = graphql(`
  query BackupList {
    backups { name bytes createdAt reason state rows schemaVersion configuration }
  }
`);

const Create = graphql(`
  mutation CreateBackup {
    createBackup { backup { name } }
  }
`);

const Followed = graphql(`
  subscription BackupProgress {
    backupProgress { phase bytes databaseBytes problem }
  }
`);

type Progress = BackupProgressSubscription['backupProgress'];
type Backup = BackupListQuery['backups'][number];

const TONES = { VERIFIED: 'good', DAMAGED: 'bad', UNKNOWN: 'warn' } as const;

/** Copies of the database, and the progress of a running backup. */
export function Backups() {
  const query = useQuery(BackupList, () => ({}), { everyMs: 60_000 });
  const { run, isBusy, error } = useAction(Create);
  const progress = useSignal<Progress | null>(null);
  // Only callers that may see backups may watch them, so nothing is asked before the list has
  // loaded.
  const mayWatch = useSignal(false);
  if (query.state === 'ready') mayWatch.value = true;
  useLive(Followed, () => (mayWatch.value ? {} : null), {
    onEvent: ({ backupProgress }) => {
      progress.value = backupProgress;
      if (backupProgress.phase === 'DONE') query.refresh();
    },
    onResumed: query.refresh,
  });
  async function create() {
    const done = await run({});
    if (done === null) return;
    notify(`The backup ${done.createBackup.backup.name} is complete.`, 'good');
    query.refresh();
  }
  return (
    <TablePanel
      title="Backups"
      query={query}
      actions={
        <Button icon="save" busy={isBusy} onClick={create}>
          Create a backup
        </Button>
      }
      footer={<ProgressLine progress={progress.value} error={error?.message ?? null} />}
      empty={{ title: 'No backups yet.' }}
      rowsOf={({ backups }) => backups}
      keyOf={({ name }) => name}
      columns={COLUMNS}
    />
  );
}

const COLUMNS: readonly Column<Backup>[] = [
  textColumn('name', 'File', ({ name }) => name),
  cellColumn('at', 'Created', ({ createdAt }) => <Time at={createdAt} zone={zone.value} show="short" />),
  textColumn('reason', 'Reason', ({ reason }) => reason?.toLowerCase(), { hideBelow: 'medium' }),
  cellColumn('state', 'State', ({ state }) => <Badge tone={TONES[state]}>{state.toLowerCase()}</Badge>, {
    width: '90px',
  }),
  numberColumn('bytes', 'Size', 'bytes', ({ bytes }) => bytes),
  numberColumn('rows', 'Rows', 'count', ({ rows }) => rows, { hideBelow: 'narrow' }),
  textColumn('schema', 'Schema', ({ schemaVersion }) => schemaVersion, { hideBelow: 'medium' }),
];

const PHASES = { COPYING: 'Copying', CHECKING: 'Checking', DONE: 'Done', FAILED: 'Failed' } as const;

function ProgressLine({ progress, error }: { progress: Progress | null; error: string | null }) {
  if (error !== null) {
    return (
      <p class="field-error" role="alert">
        {error}
      </p>
    );
  }
  if (progress === null) return <span class="muted">A copy is checked before it counts as complete.</span>;
  const { phase, bytes, databaseBytes, problem } = progress;
  return (
    <div role="status">
      {PHASES[phase]}: {formatValue(bytes, 'bytes')}
      {databaseBytes !== null && phase === 'COPYING'
        ? ` of at most ${formatValue(databaseBytes, 'bytes')}`
        : ''}
      . {problem}
      {phase === 'COPYING' && databaseBytes !== null && (
        <progress class="settings-progress" max={databaseBytes} value={bytes} aria-label="The backup" />
      )}
    </div>
  );
}
