import { Empty } from '../../parts/empty.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { linkTo } from '../../state/location.ts';

export interface MissingProps {
  /** What does not exist, such as "There is no such request". */
  readonly title: string;
  /** The page that lists existing ones. */
  readonly list: string;
  readonly listName: string;
  /** Possible reasons, in one sentence. */
  readonly reason?: string;
}

const MISTYPED = 'The address may be mistyped, or it was deleted.';

/** Shown by a page about one thing if that thing does not exist. */
export function Missing({ title, list, listName, reason = MISTYPED }: MissingProps) {
  return (
    <>
      <PageHead title={title} />
      <Empty title={reason} action={<a href={linkTo(list)}>{listName}</a>} />
    </>
  );
}
