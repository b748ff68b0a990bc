import type { Lookup } from './address-guard.ts';

/**
 * Looks up each host once at a time: whoever asks meanwhile gets the same answer. A look-up cannot
 * be ended, and the system makes few at the same time, so one that its name servers leave without
 * an answer must not be begun again by each attempt that has given it up.
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
