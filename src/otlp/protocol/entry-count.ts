import { InvalidArgument } from '../../core/errors.ts';

/** A request with more entries is rejected: each takes memory, however few bytes it has. */
export const MOST_ENTRIES = 500_000;

/** Counts the list entries of one request, of all kinds and levels. */
export interface EntryCount {
  /** @throws InvalidArgument beyond `MOST_ENTRIES` */
  add(entries: number): void;
}

export function createEntryCount(): EntryCount {
  let count = 0;
  return {
    add(entries) {
      count += entries;
      if (count <= MOST_ENTRIES) return;
      throw new InvalidArgument(
        `The body has more than ${MOST_ENTRIES} resources, scopes, items, points, events, attributes and entries ` +
          'of lists and maps. Send it in several requests. Nothing was stored.',
        'body',
      );
    },
  };
}
