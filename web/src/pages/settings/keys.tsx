import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import type { KeyListQuery } from '../../generated/graphql.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import type { Column } from '../../parts/column.ts';
import { Dialog, useOpen, useOpened } from '../../parts/dialog.tsx';
import { Time } from '../../parts/time.tsx';
import { zone } from '../../state/view.ts';
import { cellColumn, textColumn } from '../shared/columns.tsx';
import { ConfirmDialog } from '../shared/confirm-dialog.tsx';
import { pageArguments } from '../shared/cursors.tsx';
import { TablePanel } from '../shared/table-panel.tsx';
import { CreateKey } from './create-key.tsx';
import { DefaultQuotas } from './default-quotas.tsx';

const KeyList = graphql(`
  query KeyList($first: Int, $after: String, $last: Int, $before: String) {
    apiKeys(first: $first, after: $after, last: $last, before: $before) {
      nodes {
        apiKeyId projectId name start scopes createdAt expiresAt revokedAt lastUsedAt eventsPerMinute eventsPerDay
        queryCostPerMinute trustedDocumentsOnly
      }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`);

const Revoke = graphql(`
  mutation RevokeKey($input: RevokeApiKeyInput!) {
    revokeApiKey(input: $input) { apiKey { apiKeyId revokedAt } }
  }
`);

type Key = KeyListQuery['apiKeys']['nodes'][number];

/** Who may do what. */
export function Keys() {
  const query = useQuery(KeyList, pageArguments, { everyMs: 30_000 });
  const creating = useOpen();
  const revoked = useOpened<Key>();
  return (
    <>
      <TablePanel
        title="API keys"
        query={query}
        actions={
          <Button icon="plus" onClick={creating.open}>
            New key
          </Button>
        }
        empty={{
          title: 'No keys',
          text: 'The server answers everybody who can reach it. Once there is a key, it requires one from everybody.',
        }}
        rowsOf={({ apiKeys }) => apiKeys.nodes}
        pageInfoOf={({ apiKeys }) => apiKeys.pageInfo}
        keyOf={({ apiKeyId }) => apiKeyId}
        columns={columnsOf(revoked.open)}
      />
      <DefaultQuotas />
      <Dialog title="New API key" open={creating.isOpen} onClose={creating.close}>
        <CreateKey
          isFirst={query.data?.apiKeys.nodes.length === 0}
          onCreated={query.refresh}
          onClose={creating.close}
        />
      </Dialog>
      <ConfirmDialog
        title="Revoke the key?"
        action="Revoke"
        document={Revoke}
        variables={revoked.what && { input: { apiKeyId: revoked.what.apiKeyId } }}
        done="The key is revoked."
        onClose={revoked.close}
        onDone={query.refresh}
      >
        {revoked.what?.name ?? 'The key'} ({revoked.what?.start}…) stops working at once, for good.
      </ConfirmDialog>
    </>
  );
}

const time = (at: string | null, none: string) =>
  at === null ? <span class="muted">{none}</span> : <Time at={at} zone={zone.value} />;

const columnsOf = (onRevoke: (key: Key) => void): readonly Column<Key>[] => [
  textColumn('name', 'Name', ({ name }) => name ?? 'unnamed'),
  cellColumn('start', 'Begins with', ({ start }) => <code>{start}…</code>, { hideBelow: 'narrow' }),
  textColumn('project', 'Project', ({ projectId }) => projectId ?? 'all projects'),
  textColumn('scopes', 'Scopes', ({ scopes }) => scopes.join(', ')),
  textColumn('limits', 'Limits', limitsOf, { hideBelow: 'medium' }),
  cellColumn('created', 'Created', ({ createdAt }) => time(createdAt, ''), { hideBelow: 'medium' }),
  cellColumn('used', 'Last used', ({ lastUsedAt }) => time(lastUsedAt, 'never')),
  cellColumn('expires', 'Expires', ({ expiresAt }) => time(expiresAt, 'never'), { hideBelow: 'narrow' }),
  cellColumn(
    'revoke',
    'State',
    (key) =>
      isOver(key) ? (
        <Badge title={key.revokedAt ?? undefined}>{key.revokedAt === null ? 'expired' : 'revoked'}</Badge>
      ) : (
        <Button kind="plain" onClick={() => onRevoke(key)}>
          Revoke
        </Button>
      ),
    { width: '90px' },
  ),
];

const isOver = ({ revokedAt, expiresAt }: Key): boolean =>
  revokedAt !== null || (expiresAt !== null && Date.parse(expiresAt) < Date.now());

/** The limits of a key that differ from the server's defaults. */
function limitsOf({ eventsPerMinute, eventsPerDay, queryCostPerMinute, trustedDocumentsOnly }: Key): string {
  const limits = [
    eventsPerMinute === null ? '' : `${eventsPerMinute} events per minute`,
    eventsPerDay === null ? '' : `${eventsPerDay} events per day`,
    queryCostPerMinute === null ? '' : `cost ${queryCostPerMinute} a minute`,
    trustedDocumentsOnly ? 'trusted documents only' : '',
  ].filter(Boolean);
  return limits.join(', ') || 'default quotas';
}
