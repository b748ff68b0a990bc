import { isPresent } from '../../../core/build-filter.ts';
import { textOf } from '../../../core/dataset/named-values.ts';
import type { Interval } from '../../../core/time/range.ts';
import { DAY_MS } from '../../../core/time/units.ts';
import { llmCalls } from '../../../declarations/llm/llm-calls.ts';
import { requestLogs } from '../../../declarations/traffic/request-logs.ts';
import { costOfAnalyses } from '../../../graphql/analytics/analytics-cost.ts';
import type { Context } from '../../../graphql/context.ts';
import type { Annotation, WantedAnnotations } from './read-annotations.ts';

const DATASETS = [requestLogs, llmCalls];
/** What is running has requests within that time. */
const LOOK_BACK_MS = 7 * DAY_MS;
/** The releases of a range that are looked at, those with the most events. */
const MOST_RELEASES = 100;
const MOST_FREQUENT = { by: 'count', direction: 'desc' } as const;
const HASH = /^[0-9a-f]{40}$/;
const SHORT_HASH_LENGTH = 7;

export const costOfReleases = (range: Interval): number =>
  costOfAnalyses({ datasets: DATASETS, dimensions: ['release'], groups: MOST_RELEASES }, {}, range);

/** The releases that began in the range, newest first. */
export async function releasesWithin(
  context: Context,
  { range, first }: WantedAnnotations,
): Promise<Annotation[]> {
  const begins = await Promise.all(DATASETS.map((dataset) => beginsOf(context, dataset, range)));
  const earliest = new Map<string, number>();
  for (const [release, at] of begins.flat()) {
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

/** The first event of each release of the range; -Infinity if it may be one that has expired. */
async function beginsOf(
  { projectId, services: { analytics } }: Context,
  dataset: (typeof DATASETS)[number],
  range: Interval,
): Promise<(readonly [release: string, at: number])[]> {
  const scope = { dataset, projectId, filter: isPresent('release') };
  const options = { orderBy: MOST_FREQUENT, first: MOST_RELEASES };
  const { value } = await analytics.groups({ ...scope, range }, ['release'], [], options);
  const stretch = { from: range.from - LOOK_BACK_MS, to: range.to };
  const wanted = value.map(({ dimensions }) => ({
    key: textOf(dimensions, 'release'),
    first: stretch,
    last: stretch,
  }));
  const ends = await analytics.ends(scope, 'release', wanted);
  return wanted.map(({ key }) => [key, ends.get(key)?.firstAt ?? Number.NEGATIVE_INFINITY]);
}

const titleOf = (release: string): string =>
  `Release ${HASH.test(release) ? release.slice(0, SHORT_HASH_LENGTH) : release}`;
