import type { StoredAlert } from '../../../alerting/book/alert.ts';
import { isWithin } from '../../../core/build-filter.ts';
import { columnOf } from '../../../core/dataset/table.ts';
import type { Interval } from '../../../core/time/range.ts';
import { gitCommits } from '../../../declarations/agents/git-commits.ts';
import type { Context } from '../../../graphql/context.ts';
import { readPage } from '../../../lists/page.ts';

/** Something that happened. Times in epoch milliseconds. */
export interface Annotation {
  readonly time: number;
  /** Null if it has no end, or none yet. */
  readonly timeEnd: number | null;
  readonly title: string;
  readonly text: string | null;
  /** Words separated by commas. */
  readonly tags: string;
}

export interface WantedAnnotations {
  readonly range: Interval;
  /** Severities of alerts; null for all. */
  readonly severities: readonly string[] | null;
  /** The most annotations to return. The newest come first. */
  readonly first: number;
}

/** The alerts that were open at some time of the range, newest first. */
export async function alertsWithin(
  { projectId, services }: Context,
  { range, severities, first }: WantedAnnotations,
): Promise<Annotation[]> {
  const found = await services.store.prisma.alert.findMany({
    where: {
      projectId,
      raisedAt: { lt: new Date(range.to) },
      OR: [{ resolvedAt: null }, { resolvedAt: { gte: new Date(range.from) } }],
      ...(severities && { severity: { in: [...severities] } }),
    },
    orderBy: [{ raisedAt: 'desc' }, { id: 'desc' }],
    take: first,
  });
  return found.map(ofAlert);
}

function ofAlert({ raisedAt, resolvedAt, title, message, ...alert }: StoredAlert): Annotation {
  const { severity, status, type, ruleId } = alert;
  return {
    time: raisedAt.getTime(),
    timeEnd: resolvedAt?.getTime() ?? null,
    title,
    text: message,
    tags: tagsOf(['alert', severity, status, type, ruleId]),
  };
}

const SHOWN = [
  ...(['timestamp', 'shortHash', 'message', 'authorName', 'agentId', 'repository', 'branch'] as const),
  ...(['filesChanged', 'linesAdded', 'linesDeleted'] as const),
];
const COLUMNS = SHOWN.map((name) => columnOf(gitCommits, name));

/** A commit as Prisma would return it. */
interface Commit {
  readonly timestamp: Date;
  readonly shortHash: string;
  readonly message: string;
  readonly authorName: string | null;
  readonly agentId: string | null;
  readonly repository: string;
  readonly branch: string;
  readonly filesChanged: number;
  readonly linesAdded: number;
  readonly linesDeleted: number;
}

/** The commits made in the range, newest first. */
export async function commitsWithin(
  { projectId, services }: Context,
  { range, first }: WantedAnnotations,
): Promise<Annotation[]> {
  // If retention has removed commits, this reports it beside the answer.
  await services.analytics.keptRows({ dataset: gitCommits, projectId, range });
  const scope = { table: gitCommits, projectId, filter: isWithin('timestamp', range) };
  const { rows } = await services.lists.findPage(scope, readPage(gitCommits, { first }), COLUMNS);
  return rows.map(({ row }) => ofCommit(row as unknown as Commit));
}

function ofCommit({ timestamp, shortHash, message, authorName, ...commit }: Commit): Annotation {
  const { agentId, repository, branch, filesChanged, linesAdded, linesDeleted } = commit;
  const [subject = ''] = message.split('\n', 1);
  const author = authorName ?? agentId;
  return {
    time: timestamp.getTime(),
    timeEnd: null,
    title: `${shortHash} ${subject}`.trimEnd(),
    text: `${repository} ${branch}${author === null ? '' : `, by ${author}`}: ${filesChanged} files, +${linesAdded} -${linesDeleted}`,
    tags: tagsOf(['commit', repository, branch, agentId]),
  };
}

/** A comma would split a word. */
const tagsOf = (words: readonly (string | null)[]): string =>
  words.flatMap((word) => (word === null ? [] : [word.replaceAll(',', ' ')])).join(',');
