import { firstCharacters } from '../../../core/cut-text.ts';
import type { Dataset } from '../../../core/dataset/dataset.ts';
import { columnOf } from '../../../core/dataset/table.ts';
import type { Event } from '../../import/events.ts';
import type { Commit } from './parse-log.ts';

/** Which of a commit's authors' properties names the agent. */
export const AGENT_SOURCES = ['author-name', 'author-email', 'none'] as const;
export type AgentSource = (typeof AGENT_SOURCES)[number];

export interface EventOptions {
  readonly dataset: Dataset;
  readonly repository: string;
  readonly agentBy: AgentSource;
}

/**
 * The event of a commit, its texts cut to what the dataset takes: a long name is no reason to leave
 * a commit out.
 */
export function toEvent(
  commit: Commit,
  branch: string,
  { dataset, repository, agentBy }: EventOptions,
): Event {
  const fitted = (column: string, text: string): string | undefined =>
    text === '' ? undefined : firstCharacters(text, columnOf(dataset, column).maxLength ?? text.length);
  const agents = { 'author-name': commit.authorName, 'author-email': commit.authorEmail, none: '' };
  return {
    commitHash: commit.hash,
    timestamp: toIso(commit.committedAt),
    agentId: fitted('agentId', agents[agentBy]),
    authorName: fitted('authorName', commit.authorName),
    authorEmail: fitted('authorEmail', commit.authorEmail),
    message: fitted('message', commit.message) ?? '',
    branch: fitted('branch', branch),
    filesChanged: commit.filesChanged,
    linesAdded: commit.linesAdded,
    linesDeleted: commit.linesDeleted,
    repository: fitted('repository', repository),
    attributes: { authoredAt: toIso(commit.authoredAt), parents: commit.parents },
  };
}

/**
 * A date that no calendar has stays as git wrote it: the server then says what is wrong with that
 * commit.
 */
function toIso(seconds: string): string {
  const date = new Date(Number(seconds) * 1000);
  return Number.isNaN(date.getTime()) ? seconds : date.toISOString();
}
