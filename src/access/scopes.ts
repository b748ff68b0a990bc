/**
 * What a key allows:
 * - READ: queries and subscriptions.
 * - INGEST: recording events, and changing the states that services and people work with
 *   (architectures, the metric catalog, alerts).
 * - ADMIN: everything, and changing how the server works: keys, projects, alert rules, webhooks,
 *   retention, backups.
 */
export const SCOPES = ['READ', 'INGEST', 'ADMIN'] as const;

export type Scope = (typeof SCOPES)[number];

/** Scopes in one stored text, in the order of `SCOPES`. */
export function joinScopes(scopes: Iterable<Scope>): string {
  const given = new Set(scopes);
  return SCOPES.filter((scope) => given.has(scope)).join(',');
}

/** The scopes in a stored text. Ignores words of a later version, which permit nothing here. */
export function splitScopes(text: string): Scope[] {
  const words = new Set(text.split(','));
  return SCOPES.filter((scope) => words.has(scope));
}
