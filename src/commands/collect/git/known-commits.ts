import type { AskedTarget } from '../../import/target.ts';

const STORED = `query StoredCommits($repository: String!, $after: String) {
  gitCommits(filter: { repository: { eq: $repository } }, first: 500, after: $after) {
    nodes { commitHash }
    pageInfo { hasNextPage endCursor }
  }
}`;

interface Answer {
  readonly gitCommits: {
    readonly nodes: readonly { readonly commitHash: string }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

/**
 * Reads the hashes of the repository's stored commits. Reading them is much faster than computing
 * the changes of a commit, which is then done for new commits only.
 */
export async function readKnownCommits({ ask }: AskedTarget, repository: string): Promise<Set<string>> {
  const known = new Set<string>();
  let after: string | null = null;
  do {
    const { gitCommits }: Answer = await ask(STORED, { repository, after });
    for (const { commitHash } of gitCommits.nodes) known.add(commitHash);
    after = gitCommits.pageInfo.hasNextPage ? gitCommits.pageInfo.endCursor : null;
  } while (after !== null);
  return known;
}
