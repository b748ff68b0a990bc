import { Missing } from './missing.tsx';

interface NoDatasetProps {
  /** The name in the URL. */
  readonly name: string;
  /** The page that the URL leads to. */
  readonly page: string;
  readonly pageName: string;
}

/** Shown by a page about a dataset if the URL names one that does not exist. */
export function NoDataset({ name, page, pageName }: NoDatasetProps) {
  return (
    <Missing
      title={`There is no dataset “${name}”`}
      list={page}
      listName={pageName}
      reason="The address may be mistyped."
    />
  );
}
