import type { Lookup } from './address-guard.ts';

/**
 * Resolves each host at most once at a time: concurrent callers share the answer. A DNS lookup
 * cannot be cancelled, and the system runs few at the same time. So an attempt that has given up on
 * unresponsive name servers must not start the same lookup again.
 */
export function shareLookups(lookup: Lookup): Lookup {
  const underWay = new Map<string, ReturnType<Lookup>>();
  return (host) => {
    const begun = underWay.get(host);
    if (begun !== undefined) return begun;
    const answer = lookup(host).finally(() => underWay.delete(host));
    underWay.set(host, answer);
    return answer;
  };
}
