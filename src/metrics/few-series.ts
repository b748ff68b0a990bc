/** Decides which groups have series of their own. */
export type FewSeries = (labels: readonly string[]) => readonly string[];

/** What stands for the labels of all other groups. */
export const OTHER = 'other';

/**
 * The first groups that are asked about have series of their own, until the server stops; all others are one.
 * A group never changes from one to the other: what it had would be counted twice, or go away.
 */
export function createFewSeries(most: number): FewSeries {
  const shown = new Set<string>();
  return (labels) => {
    const key = JSON.stringify(labels);
    if (!shown.has(key)) {
      if (shown.size >= most) return labels.map(() => OTHER);
      shown.add(key);
    }
    return labels;
  };
}
