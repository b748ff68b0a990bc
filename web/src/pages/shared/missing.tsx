import type { ComponentChildren } from 'preact';
import { Empty } from '../../parts/empty.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { linkTo } from '../../state/location.ts';

export interface MissingProps {
  /** What does not exist, such as "There is no such request". */
  readonly title: string;
  /** The page that lists existing ones. */
  readonly list: string;
  readonly listName: string;
  /** Possible reasons. */
  readonly children?: ComponentChildren;
}

/** Shown by a page about one thing if that thing does not exist. */
export function Missing({ title, list, listName, children }: MissingProps) {
  return (
    <>
      <PageHead title={title} />
      <Empty
        title="The address may be mistyped, or the data has expired"
        action={<a href={linkTo(list)}>{listName}</a>}
      >
        {children}
      </Empty>
    </>
  );
}
