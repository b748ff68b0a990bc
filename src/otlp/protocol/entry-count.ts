import { InvalidArgument } from '../../core/errors.ts';

/** A request with more entries is rejected: each takes memory, however few bytes it has. */
export const MAX_ENTRIES = 500_000;

/** Counts the list entries of one request, of all kinds and levels. */
export interface EntryCount {
  /** @throws InvalidArgument beyond `MAX_ENTRIES` */
  add(entries: number): void;
}

export function createEntryCount(): EntryCount {
  let count = 0;
  return {
    add(entries) {
      count += entries;
      if (count <= MAX_ENTRIES) return;
      throw new InvalidArgument(
        `The body has more than ${MAX_ENTRIES} resources, scopes, items, points, events, attributes and entries ` +
          'of lists and maps. Send it in several requests. Nothing was stored.',
        'body',
      );
    },
  };
}
