import { useSignal } from '@preact/signals';
import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import type { KeyListQuery } from '../../generated/graphql.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Time } from '../../parts/time.tsx';
import { zone } from '../../state/view.ts';
import { ConfirmDialog } from '../shared/confirm-dialog.tsx';
import { ListPager, pageArguments } from '../shared/cursors.tsx';
import { QueryPanel } from '../shared/query-panel.tsx';
import { CreateKey } from './create-key.tsx';

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
  const isCreating = useSignal(false);
  const revoked = useSignal<Key | null>(null);
  return (
    <>
      <QueryPanel
        title="API keys"
        query={query}
        document={KeyList}
        variables={pageArguments()}
        actions={
          <Button
            icon="plus"
            onClick={() => {
              isCreating.value = true;
            }}
          >
            New key
          </Button>
        }
        isEmpty={({ apiKeys }) => apiKeys.nodes.length === 0}
        empty={{
          title: 'No keys',
          text: 'The server answers everybody who can reach it. The first key makes it ask everybody for one.',
        }}
        footer={query.data && <ListPager pageInfo={query.data.apiKeys.pageInfo} />}
        flush
      >
        {({ apiKeys }) => (
          <KeyTable
            keys={apiKeys.nodes}
            onRevoke={(key) => {
              revoked.value = key;
            }}
          />
        )}
      </QueryPanel>
      <Dialog
        title="New API key"
        open={isCreating.value}
        onClose={() => {
          isCreating.value = false;
        }}
      >
        <CreateKey
          isFirst={query.data?.apiKeys.nodes.length === 0}
          onCreated={query.refresh}
          onClose={() => {
            isCreating.value = false;
          }}
        />
      </Dialog>
      <ConfirmDialog
        title="Revoke the key?"
        action="Revoke"
        document={Revoke}
        variables={revoked.value && { input: { apiKeyId: revoked.value.apiKeyId } }}
        done="The key is revoked."
        onClose={() => {
          revoked.value = null;
        }}
        onDone={query.refresh}
      >
        {revoked.value?.name ?? 'The key'} ({revoked.value?.start}…) no longer works, from now on and for
        good.
      </ConfirmDialog>
    </>
  );
}

function KeyTable({ keys, onRevoke }: { keys: readonly Key[]; onRevoke: (key: Key) => void }) {
  const time = (at: string | null, none: string) =>
    at === null ? <span class="muted">{none}</span> : <Time at={at} zone={zone.value} />;
  return (
    <DataTable
      caption="API keys"
      rows={keys}
      keyOf={({ apiKeyId }) => apiKeyId}
      columns={[
        { key: 'name', title: 'Name', value: ({ name }) => name ?? 'unnamed' },
        {
          key: 'start',
          title: 'Begins with',
          cell: ({ start }) => <code>{start}…</code>,
          hideBelow: 'narrow',
        },
        { key: 'project', title: 'Project', value: ({ projectId }) => projectId ?? 'all projects' },
        { key: 'scopes', title: 'Scopes', value: ({ scopes }) => scopes.join(', ') },
        { key: 'limits', title: 'Limits', value: limitsOf, hideBelow: 'medium' },
        {
          key: 'created',
          title: 'Created',
          cell: ({ createdAt }) => time(createdAt, ''),
          hideBelow: 'medium',
        },
        { key: 'used', title: 'Last used', cell: ({ lastUsedAt }) => time(lastUsedAt, 'never') },
        {
          key: 'expires',
          title: 'Expires',
          cell: ({ expiresAt }) => time(expiresAt, 'never'),
          hideBelow: 'narrow',
        },
        {
          key: 'revoke',
          title: 'State',
          cell: (key) =>
            isOver(key) ? (
              <Badge title={key.revokedAt ?? undefined}>
                {key.revokedAt === null ? 'expired' : 'revoked'}
              </Badge>
            ) : (
              <Button kind="plain" onClick={() => onRevoke(key)}>
                Revoke
              </Button>
            ),
          width: '90px',
        },
      ]}
    />
  );
}

const isOver = ({ revokedAt, expiresAt }: Key): boolean =>
  revokedAt !== null || (expiresAt !== null && Date.parse(expiresAt) < Date.now());

/** What a key may use up, where it differs from the defaults of the server. */
function limitsOf({ eventsPerMinute, eventsPerDay, queryCostPerMinute, trustedDocumentsOnly }: Key): string {
  const limits = [
    eventsPerMinute === null ? '' : `${eventsPerMinute} events a minute`,
    eventsPerDay === null ? '' : `${eventsPerDay} events a day`,
    queryCostPerMinute === null ? '' : `cost ${queryCostPerMinute} a minute`,
    trustedDocumentsOnly ? 'trusted documents only' : '',
  ].filter(Boolean);
  return limits.join(', ') || 'as the server';
}
