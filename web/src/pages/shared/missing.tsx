import type { ComponentChildren } from 'preact';
import { Empty } from '../../parts/empty.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { linkTo } from '../../state/location.ts';

export interface MissingProps {
  /** What is not there, such as "There is no such request". */
  readonly title: string;
  /** The page that lists what there is. */
  readonly list: string;
  readonly listName: string;
  /** Why it may be so. */
  readonly children?: ComponentChildren;
}

/** Said by a page for one thing, when there is no such thing. */
export function Missing({ title, list, listName, children }: MissingProps) {
  return (
    <>
      <PageHead title={title} />
      <Empty title="It may be mistyped, or it has expired" action={<a href={linkTo(list)}>{listName}</a>}>
        {children}
      </Empty>
    </>
  );
}
