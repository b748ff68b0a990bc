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
 * The hashes of the repository's commits that are stored: finding out what a commit changed takes
 * git far longer than this, so it is asked for new ones only.
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
