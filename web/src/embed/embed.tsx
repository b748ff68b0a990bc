import './embed.css';
import { keyWanted } from '../data/key.ts';
import { BoardPanel, type PanelQuestion } from '../pages/shared/board-panel.tsx';
import { Empty } from '../parts/empty.tsx';
import { param } from '../state/location.ts';

/**
 * A single panel for a page of another site, in a frame:
 * `/embed?panel=<question as JSON>#token=<read token>`. The token decides which rows it counts. It
 * stays in the fragment, which no server sees.
 */
export function Embed() {
  const panel = readPanel(param('panel').value);
  if (keyWanted.value !== null) {
    return (
      <Empty title="This link has expired" icon="lock">
        Ask the person who gave it to you for a new one.
      </Empty>
    );
  }
  if (panel === null) return <Empty title="The address does not name a panel" icon="alert" />;
  return (
    <main class="embed">
      <BoardPanel panel={panel} />
    </main>
  );
}

/** Null if the text is not a question. The server says what is wrong with an invalid one. */
function readPanel(text: string | null): PanelQuestion | null {
  if (text === null) return null;
  try {
    const read: Partial<PanelQuestion> | null = JSON.parse(text);
    if (!read?.dataset || !Array.isArray(read.measures)) return null;
    const { title = '', kind = 'TIMESERIES', groupBy = [], ...rest } = read;
    return { ...rest, dataset: read.dataset, measures: read.measures, title, kind, groupBy };
  } catch {
    return null;
  }
}
