import type { ApiKey } from '../../access/keys.ts';
import { JSON_ARGUMENT } from '../output.ts';
import { defineCommand } from '../program/define-command.ts';
import { withServices } from './with-services.ts';

/** `telltale keys list`. */
export const listKeysCommand = defineCommand({
  meta: { name: 'list', description: 'List the API keys, newest first.' },
  args: {
    project: { type: 'string', description: 'Only the keys of this project' },
    ...JSON_ARGUMENT,
  },
  examples: [
    ['telltale keys list', 'Show which keys are valid, and when each was last used'],
    ['telltale keys list --project=shop', 'List only the keys of one project'],
  ],
  run: ({ args }) =>
    withServices(args, async ({ keys, clock }) => {
      const { project } = args;
      const found = await keys.list(project === undefined ? 'ALL' : { projectId: project });
      const lines = found.length === 0 ? ['There are no API keys.'] : renderKeys(found, clock.now());
      return { result: { keys: found }, lines };
    }),
});

/** Renders a table with one line per key. */
export function renderKeys(keys: readonly ApiKey[], now: number): string[] {
  const rows = [
    ['ID', 'KEY', 'PROJECT', 'SCOPES', 'STATE', 'QUOTAS', 'LAST USED', 'NAME'],
    ...keys.map((key) => [
      key.id,
      `${key.start}…`,
      key.projectId ?? '(all)',
      `${key.scopes.join(',')}${key.trustedDocumentsOnly ? ' (trusted documents)' : ''}`,
      stateOf(key, now),
      quotasOf(key),
      key.lastUsedAt?.toISOString().slice(0, 16) ?? 'never',
      key.name ?? '',
    ]),
  ];
  const widths = rows[0]?.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** The key's own quotas, such as `1000 events/min`. */
function quotasOf({ eventsPerMinute, eventsPerDay, queryCostPerMinute }: ApiKey): string {
  const shown = [
    eventsPerMinute === null ? [] : `${eventsPerMinute} events/min`,
    eventsPerDay === null ? [] : `${eventsPerDay} events/day`,
    queryCostPerMinute === null ? [] : `${queryCostPerMinute} cost/min`,
  ].flat();
  return shown.length === 0 ? 'default' : shown.join(', ');
}

function stateOf({ revokedAt, expiresAt }: ApiKey, now: number): string {
  if (revokedAt !== null) return `revoked ${revokedAt.toISOString().slice(0, 10)}`;
  if (expiresAt === null) return 'active';
  const day = expiresAt.toISOString().slice(0, 10);
  return expiresAt.getTime() <= now ? `expired ${day}` : `active until ${day}`;
}
