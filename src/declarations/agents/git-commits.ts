import { integer, text } from '../../core/dataset/column.ts';
import { defineDataset } from '../../core/dataset/dataset.ts';

const SHORT_HASH_LENGTH = 7;

/** Commits (source 4, `git_commits`). */
export const gitCommits = defineDataset({
  name: 'gitCommits',
  entity: 'GitCommit',
  table: 'git_commits',
  description: 'One commit: who made it, on which branch of which repository, and how much it changed.',
  naturalKey: 'commitHash',
  columns: {
    commitHash: text({
      verbatim: true,
      maxLength: 64,
      pattern: {
        matches: /^[0-9a-f]{7,64}$/,
        wanted: 'be the hexadecimal hash of a commit, in small letters',
      },
      description: 'The hash of the commit: stored once, on whatever branches it lies.',
    }),
    shortHash: text({
      verbatim: true,
      source: 'client-or-server',
      maxLength: 64,
      description: 'The hash as people write it. Default: its first 7 digits.',
    }),
    agentId: text({
      verbatim: true,
      role: 'dimension',
      optional: true,
      description: 'The agent that made it.',
    }),
    authorName: text({ optional: true, description: 'Who wrote it.' }),
    authorEmail: text({ optional: true, maxLength: 320, description: 'The address of who wrote it.' }),
    message: text({
      maxLength: 10_000,
      truncate: true,
      mayBeEmpty: true,
      description: 'The whole message, secrets masked, cut after 10,000 characters; empty: it has none.',
    }),
    branch: text({ role: 'dimension', description: 'The branch that it was found on.' }),
    filesChanged: integer({ role: 'measure', default: 0, description: 'Files that it changed. Default: 0.' }),
    linesAdded: integer({ role: 'measure', default: 0, description: 'Lines that it added. Default: 0.' }),
    linesDeleted: integer({ role: 'measure', default: 0, description: 'Lines that it deleted. Default: 0.' }),
    repository: text({ role: 'dimension', description: 'The repository, for example "acme/shop".' }),
  },
  rollups: [
    { dimensions: [] },
    { dimensions: ['agentId'] },
    { dimensions: ['repository', 'branch'] },
    { dimensions: ['agentId', 'repository', 'branch', 'service', 'environment'], grains: ['HOUR', 'DAY'] },
  ],
  retention: { rows: null },
  complete: (commit) => {
    commit.shortHash ??= commit.commitHash.slice(0, SHORT_HASH_LENGTH);
  },
});
