import { isLoopback } from '../../core/networks.ts';
import type { Inspection } from '../../storage/inspection.ts';
import { showCount, showSpan } from './amounts.ts';
import { type Finding, ok, warning, wrong } from './finding.ts';

/** An API key that is not revoked. */
export interface KeyFacts {
  /** The key's name, or its first characters. */
  readonly label: string;
  /** Epoch milliseconds; null: the key works until it is revoked. */
  readonly expiresAt: number | null;
}

export interface AccessFacts {
  readonly now: number;
  readonly host: string;
  readonly authDisabled: boolean;
  readonly keys: readonly KeyFacts[];
}

const SOON_MS = 14 * 86_400_000;
const CREATE = 'telltale keys create --scope=admin';

export async function probeKeys(inspection: Inspection): Promise<KeyFacts[]> {
  const rows = await inspection.query(
    `select name, start, ${inspection.milliseconds('expires_at')} as expires_at
       from api_keys where revoked_at is null order by expires_at, id`,
  );
  return rows.map(({ name, start, expires_at: expiresAt }) => ({
    label: name === null ? `${start}…` : String(name),
    expiresAt: expiresAt === null ? null : Number(expiresAt),
  }));
}

export function assessKeys(facts: AccessFacts): readonly Finding[] {
  const working = facts.keys.filter(({ expiresAt }) => expiresAt === null || expiresAt > facts.now);
  return [...assessOpenness(facts, working.length), ...assessExpiry(facts, working)];
}

function assessOpenness({ host, authDisabled, keys }: AccessFacts, working: number): readonly Finding[] {
  const isLocal = isLoopback(host);
  if (authDisabled) {
    return [
      isLocal
        ? warning(
            'keys',
            'AUTH=disabled: anyone on this machine can read and write.',
            `Unset AUTH and create a key: ${CREATE}`,
          )
        : warning(
            'keys',
            `AUTH=disabled at HOST=${host}: anyone who reaches it can read and write.`,
            `Unset AUTH and create a key (${CREATE}), unless something in front of the server ` +
              'controls access.',
          ),
    ];
  }
  if (working > 0) return [ok('keys', `${showCount(working, 'API key')} may be used.`)];
  if (!isLocal) {
    return [
      wrong(
        'keys',
        `HOST=${host} is open to other machines, but no API key works: every request is rejected.`,
        `Create one: ${CREATE}`,
      ),
    ];
  }
  return [
    keys.length > 0
      ? wrong('keys', 'All API keys have expired: every request is rejected.', `Create one: ${CREATE}`)
      : ok('keys', 'There is no API key: the server answers only this machine.'),
  ];
}

function assessExpiry({ now, keys }: AccessFacts, working: readonly KeyFacts[]): readonly Finding[] {
  const soon = working.filter(({ expiresAt }) => expiresAt !== null && expiresAt <= now + SOON_MS);
  const renew = 'Create a new key, give it to the user of this one, then revoke this one.';
  const findings = soon.map(({ label, expiresAt }) =>
    warning('keys', `The key ${label} expires in ${showSpan((expiresAt ?? now) - now)}.`, renew),
  );
  const expired = keys.length - working.length;
  if (expired > 0 && working.length > 0)
    findings.push(ok('keys', `${showCount(expired, 'key')} expired before.`));
  return findings;
}
