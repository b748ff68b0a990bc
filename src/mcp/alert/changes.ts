import { cutText } from '../../core/cut-text.ts';
import { DAY_MS } from '../../core/time/units.ts';
import { dataOf } from '../answers.ts';
import type { Asker } from '../asker.ts';
import type { Span } from './around.ts';

const MESSAGE_CHARACTERS = 200;
/** An error counts as new if it did not occur for this long before. */
const KNOWN_MS = 7 * DAY_MS;

/** What else happened around the time of an alert. */
export interface Changes {
  readonly commits: readonly Commit[];
  readonly newErrors: readonly NewError[];
  readonly alerts: readonly OtherAlert[];
}

interface Commit {
  readonly timestamp: string;
  readonly repository: string;
  readonly branch: string;
  readonly shortHash: string;
  readonly message: string;
  readonly authorName: string | null;
}

interface NewError {
  readonly fingerprint: string;
  readonly errorType: string;
  readonly count: number;
  readonly services: readonly string[];
  readonly firstSeen: string;
}

interface OtherAlert {
  readonly alertId: string;
  readonly severity: string;
  readonly title: string;
  readonly raisedAt: string;
}

const DOCUMENT = `query ChangesAround(
  $span: TimeRangeInput!, $known: TimeRangeInput!, $from: DateTime!, $to: DateTime!, $alertId: String!
) {
  gitCommits(first: 10, filter: { timestamp: { gte: $from, lt: $to } }) {
    nodes { timestamp repository branch shortHash message authorName }
  }
  errorGroups(range: $known, firstSeen: $span, first: 5) {
    groups { fingerprint errorType count services firstSeen }
  }
  alerts(first: 5, filter: { raisedAt: { gte: $from, lt: $to }, alertId: { ne: $alertId } }) {
    nodes { alertId severity title raisedAt }
  }
}`;

/**
 * Commits, new errors and other alerts in the span around an alert, the newest or most frequent
 * first.
 */
export async function readChanges(asker: Asker, alertId: string, { range }: Span): Promise<Changes> {
  const earlier = new Date(Date.parse(range.from) - KNOWN_MS).toISOString();
  const found = await dataOf<{
    readonly gitCommits: { readonly nodes: readonly Commit[] };
    readonly errorGroups: { readonly groups: readonly NewError[] };
    readonly alerts: { readonly nodes: readonly OtherAlert[] };
  }>(asker, {
    query: DOCUMENT,
    variables: { span: range, known: { from: earlier, to: range.to }, ...range, alertId },
  });
  return {
    commits: found.gitCommits.nodes.map((commit) => ({
      ...commit,
      message: cutText(commit.message, MESSAGE_CHARACTERS),
    })),
    newErrors: found.errorGroups.groups,
    alerts: found.alerts.nodes,
  };
}
