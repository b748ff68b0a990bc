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
        wanted: 'be the hexadecimal hash of a commit, in lower-case letters',
      },
      description: 'The hash of the commit. A commit is stored once, even if several branches contain it.',
    }),
    shortHash: text({
      verbatim: true,
      source: 'client-or-server',
      maxLength: 64,
      description: 'The abbreviated hash. Default: the first 7 digits.',
    }),
    agentId: text({
      verbatim: true,
      role: 'dimension',
      optional: true,
      description: 'The agent that made it.',
    }),
    authorName: text({ optional: true, description: 'The name of the author.' }),
    authorEmail: text({ optional: true, maxLength: 320, description: 'The e-mail address of the author.' }),
    message: text({
      maxLength: 10_000,
      truncate: true,
      mayBeEmpty: true,
      description:
        'The whole message, with secrets masked, cut after 10,000 characters; empty if the commit ' +
        'has none.',
    }),
    branch: text({ role: 'dimension', description: 'The branch where the commit was found.' }),
    filesChanged: integer({
      role: 'measure',
      default: 0,
      description: 'Number of changed files. Default: 0.',
    }),
    linesAdded: integer({ role: 'measure', default: 0, description: 'Number of added lines. Default: 0.' }),
    linesDeleted: integer({
      role: 'measure',
      default: 0,
      description: 'Number of deleted lines. Default: 0.',
    }),
    repository: text({ role: 'dimension', description: 'The repository, for example "acme/shop".' }),
  },
  indexed: ['agentId'],
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
