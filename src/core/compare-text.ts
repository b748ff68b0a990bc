/**
 * Compares texts by code points, as UTF-8 sorts and as the databases do. JavaScript compares UTF-16
 * units, which puts emoji before some letters.
 */
export const compareText = (one: string, other: string): number =>
  Buffer.compare(Buffer.from(one), Buffer.from(other));
