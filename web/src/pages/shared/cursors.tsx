import { Pager } from '../../parts/pager.tsx';
import { param, setParams } from '../../state/location.ts';

export interface PageInfo {
  readonly hasPreviousPage: boolean;
  readonly hasNextPage: boolean;
  readonly startCursor?: string | null;
  readonly endCursor?: string | null;
}

/** The page of a list that the URL selects. Must be read in the `variables` of a query. */
export function pageArguments(size = 50) {
  const after = param('after').value;
  const before = param('before').value;
  if (before !== null) return { last: size, before };
  return after === null ? { first: size } : { first: size, after };
}

/** Pages through a list with the cursors of the server. The URL stores the position. */
export function ListPager({ pageInfo }: { pageInfo: PageInfo }) {
  const { hasPreviousPage, hasNextPage, startCursor = null, endCursor = null } = pageInfo;
  if (!hasPreviousPage && !hasNextPage) return null;
  return (
    <Pager
      hasPrevious={hasPreviousPage}
      hasNext={hasNextPage}
      onPrevious={() => setParams({ before: startCursor, after: null })}
      onNext={() => setParams({ after: endCursor, before: null })}
    />
  );
}
