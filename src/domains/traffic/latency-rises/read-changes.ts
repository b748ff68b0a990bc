import type { Scope } from '../../../analytics/spec.ts';
import { both, isPresent, isWithin } from '../../../core/build-filter.ts';
import { textOf } from '../../../core/dataset/named-values.ts';
import { InvalidArgument } from '../../../core/errors.ts';
import type { Filter } from '../../../core/filter.ts';
import { derivedId } from '../../../core/ids.ts';
import { gitCommits } from '../../../declarations/agents/git-commits.ts';
import type { Context } from '../../../graphql/context.ts';
import { selectScope } from '../../../lists/list-page.ts';

/** A change of the software. */
export interface Change {
  /** The release that began; null for a commit. */
  readonly release: string | null;
  /** The UUID of the commit, or of the commit whose hash the release is. It may not be stored. */
  readonly commitId: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** The most changes of a range: the requests before and after each of them are read. */
export const MAX_CHANGES = 100;

/**
 * The releases whose first matching request lies in the range, oldest first.
 *
 * @throws InvalidArgument at `range` if there are more than `MAX_CHANGES`.
 */
export async function readReleases({ services }: Context, scope: Scope): Promise<Change[]> {
  const { analytics, clock } = services;
  const ofReleases = { ...scope, filter: both(isPresent('release'), scope.filter) };
  const { value } = await analytics.occurrences(ofReleases, ['release'], clock.now());
  const releases = value.map(({ dimensions, first, last }) => ({
    key: textOf(dimensions, 'release'),
    first,
    last,
  }));
  checkNumber(releases.length, 'releases');
  const ends = await analytics.ends(ofReleases, 'release', releases);
  return inOrder(
    releases.map(({ key, first }) => ({
      release: key,
      commitId: derivedId(scope.projectId, gitCommits.name, key),
      // If the row has expired, the release began on that day.
      at: ends.get(key)?.firstAt ?? first.from,
    })),
  );
}

/**
 * The commits of the range that match the filter, oldest first.
 *
 * @throws InvalidArgument at `range` if there are more than `MAX_CHANGES`.
 */
export async function readCommits(
  { services, projectId }: Context,
  { range: asked }: Pick<Scope, 'range'>,
  filter: Filter | null,
): Promise<Change[]> {
  const { range } = (await services.analytics.keptRows({ dataset: gitCommits, projectId, range: asked }))
    .source;
  const scope = { table: gitCommits, projectId, filter: both(isWithin('timestamp', range), filter) };
  const rows = await selectScope(services.store, scope)
    .select(['id', 'timestamp'])
    .limit(MAX_CHANGES + 1)
    .execute();
  checkNumber(rows.length, 'commits');
  return inOrder(
    rows.map((row) => ({
      release: null,
      commitId: String(row['id']),
      at: Number(row['timestamp']),
    })),
  );
}

function checkNumber(changes: number, what: 'releases' | 'commits'): void {
  if (changes <= MAX_CHANGES) return;
  const filters = what === 'commits' ? '`commits` to some branches or repositories' : '`filter` to a service';
  throw new InvalidArgument(
    `The range has more than ${MAX_CHANGES} ${what}, too many to compare. Shorten it, or limit ${filters}.`,
    'range',
  );
}

const inOrder = (changes: readonly Change[]): Change[] =>
  changes.toSorted((one, other) => one.at - other.at || (one.commitId < other.commitId ? -1 : 1));
