import { isPresent } from '../../../core/build-filter.ts';
import type { Dataset } from '../../../core/dataset/dataset.ts';
import { textOf } from '../../../core/dataset/named-values.ts';
import type { Interval } from '../../../core/time/range.ts';
import { DAY_MS } from '../../../core/time/units.ts';
import { llmCalls } from '../../../declarations/llm/llm-calls.ts';
import { requestLogs } from '../../../declarations/traffic/request-logs.ts';
import { costOfAnalyses } from '../../../graphql/analytics/analytics-cost.ts';
import type { Context } from '../../../graphql/context.ts';
import type { Annotation, WantedAnnotations } from './read-annotations.ts';

const DATASETS = [requestLogs, llmCalls];
/** A running release has requests within this time. */
const LOOKBACK_MS = 7 * DAY_MS;
/** The most releases of a range to check: those with the most events. */
const MAX_RELEASES = 100;
const MOST_FREQUENT = { by: 'count', direction: 'desc' } as const;
const HASH = /^[0-9a-f]{40}$/;
const SHORT_HASH_LENGTH = 7;

export const costOfReleases = (range: Interval): number =>
  costOfAnalyses({ datasets: DATASETS, dimensions: ['release'], groups: MAX_RELEASES }, {}, range);

/** The releases that began in the range, newest first. */
export async function releasesWithin(
  context: Context,
  { range, first }: WantedAnnotations,
): Promise<Annotation[]> {
  const shown = await Promise.all(DATASETS.map((dataset) => releasesOf(context, dataset, range)));
  // A release that only one dataset has in the range may have begun earlier in the other.
  const all = [...new Set(shown.flatMap((releases) => [...releases]))];
  const begins = await Promise.all(DATASETS.map((dataset) => beginsOf(context, { dataset, all, range })));
  const earliest = new Map<string, number>();
  const found = begins.flatMap((ofDataset, index) =>
    all.flatMap((release) => {
      // A release with events in the range but no first event: it may have expired.
      const isOld = shown[index]?.has(release) ? Number.NEGATIVE_INFINITY : null;
      const at = ofDataset.get(release) ?? isOld;
      return at === null ? [] : [[release, at] as const];
    }),
  );
  for (const [release, at] of found) {
    earliest.set(release, Math.min(earliest.get(release) ?? at, at));
  }
  return [...earliest]
    .filter(([, at]) => at >= range.from)
    .sort(([, one], [, other]) => other - one)
    .slice(0, first)
    .map(([release, time]) => ({
      time,
      timeEnd: null,
      title: titleOf(release),
      text: null,
      tags: 'release',
    }));
}

/** The releases named by events of the range. */
async function releasesOf(
  { projectId, services: { analytics } }: Context,
  dataset: Dataset,
  range: Interval,
): Promise<ReadonlySet<string>> {
  const scope = { dataset, projectId, filter: isPresent('release'), range };
  const options = { dimensions: ['release'], orderBy: MOST_FREQUENT, first: MAX_RELEASES };
  const { value } = await analytics.groups(scope, [], options);
  return new Set(value.map(({ dimensions }) => textOf(dimensions, 'release')));
}

interface Searched {
  readonly dataset: Dataset;
  readonly all: readonly string[];
  readonly range: Interval;
}

/**
 * The first event of each release, in the range or shortly before; null if there is none, or if it
 * may have expired.
 */
async function beginsOf(
  { projectId, services: { analytics } }: Context,
  { dataset, all, range }: Searched,
): Promise<ReadonlyMap<string, number | null>> {
  const stretch = { from: range.from - LOOKBACK_MS, to: range.to };
  const wanted = all.map((key) => ({ key, first: stretch, last: stretch }));
  const scope = { dataset, projectId, filter: isPresent('release') };
  const ends = await analytics.ends(scope, 'release', wanted);
  return new Map([...ends].map(([release, { firstAt }]) => [release, firstAt]));
}

const titleOf = (release: string): string =>
  `Release ${HASH.test(release) ? release.slice(0, SHORT_HASH_LENGTH) : release}`;
