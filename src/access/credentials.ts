import { InvalidArgument } from '../core/errors.ts';
import type { Credentials } from './authenticate.ts';

/** Reads a header by its name in lower case. */
type ReadHeader = (name: string) => string | null | undefined;

const BEARER = /^bearer +(\S+)$/i;

/**
 * The credentials in HTTP headers: `Authorization: Bearer`, `X-API-Key`, `Telltale-Project`.
 *
 * @throws InvalidArgument if two headers contradict each other
 */
export function credentialsOf(header: ReadHeader): Credentials {
  const bearer = header('authorization')?.match(BEARER)?.[1];
  const own = header('x-api-key') || undefined;
  if (bearer !== undefined && own !== undefined && bearer !== own) {
    throw new InvalidArgument(
      'The headers Authorization and X-API-Key contain different keys. Send only one of them.',
      'X-API-Key',
    );
  }
  return { key: bearer ?? own ?? null, project: header('telltale-project') || null };
}

/**
 * The credentials of a WebSocket: members of the payload of `connection_init`, named like the HTTP
 * headers in any case, or the headers of the upgrade. The payload may contain them in `headers`.
 */
export function socketCredentials(payload: unknown, header: ReadHeader): Credentials {
  const members = { ...membersOf(payload), ...membersOf(membersOf(payload)['headers']) };
  const given = new Map(
    Object.entries(members).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name.toLowerCase(), value] as const] : [],
    ),
  );
  return credentialsOf((name) => given.get(name) ?? header(name));
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
