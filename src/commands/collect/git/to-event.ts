import { firstCharacters } from '../../../core/cut-text.ts';
import type { Dataset } from '../../../core/dataset/dataset.ts';
import { columnOf } from '../../../core/dataset/table.ts';
import type { Event } from '../../import/events.ts';
import type { Commit } from './parse-log.ts';

/** The property of a commit's author that names the agent. */
export const AGENT_SOURCES = ['author-name', 'author-email', 'none'] as const;
export type AgentSource = (typeof AGENT_SOURCES)[number];

export interface EventOptions {
  readonly dataset: Dataset;
  readonly repository: string;
  readonly agentBy: AgentSource;
}

/**
 * Converts a commit to an event. Texts are cut to the limits of the dataset, so that a long name
 * does not exclude a commit.
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
 * An invalid date stays as git wrote it. The server then reports what is wrong with the commit.
 */
function toIso(seconds: string): string {
  const date = new Date(Number(seconds) * 1000);
  return Number.isNaN(date.getTime()) ? seconds : date.toISOString();
}
