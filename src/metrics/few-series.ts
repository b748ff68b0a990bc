/** Decides which groups have separate series. */
export type FewSeries = (labels: readonly string[]) => readonly string[];

/** Replaces the labels of all other groups. */
export const OTHER = 'other';

/**
 * The first groups that occur have their own series until the server stops; all others share one. A
 * group never moves from one to the other: otherwise its values would be counted twice, or
 * disappear.
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
