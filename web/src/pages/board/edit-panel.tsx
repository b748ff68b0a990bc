import { Button } from '../../parts/button.tsx';
import { Dialog, useOpen } from '../../parts/dialog.tsx';
import { IconButton } from '../../parts/icon-button.tsx';
import { Row } from '../../parts/row.tsx';
import { notify } from '../../parts/toast.tsx';
import { embedAddress } from './embed-address.ts';
import type { Board, Panels } from './use-board-change.ts';

const sayCopied = () => notify('Copied. Append a read token: docs/access.md says how to create one.');
const sayRefused = () => notify('The browser does not allow copying here.', 'bad');

const WIDTHS = [3, 4, 6, 8, 12];

interface EditPanelProps {
  readonly board: Board;
  readonly index: number;
  readonly save: (panels: Panels) => void;
}

/** Moves, widens or removes one panel. */
export function EditPanel({ board, index, save }: EditPanelProps) {
  const removal = useOpen();
  const panel = board.panels[index];
  if (panel === undefined) return null;
  const others = board.panels.toSpliced(index, 1);
  const wider = WIDTHS.find((width) => width > panel.width) ?? WIDTHS[0] ?? 12;
  return (
    <Row gap="tight">
      <IconButton
        label={`Move ${panel.title} up`}
        icon="arrowUp"
        onClick={() => save(others.toSpliced(Math.max(index - 1, 0), 0, panel))}
      />
      <IconButton
        label={`Move ${panel.title} down`}
        icon="arrowDown"
        onClick={() => save(others.toSpliced(index + 1, 0, panel))}
      />
      <Button kind="plain" onClick={() => save(board.panels.with(index, { ...panel, width: wider }))}>
        Width {panel.width} of 12
      </Button>
      {panel.kind !== 'HEATMAP' && (
        <IconButton
          label={`Copy the embed address of ${panel.title}`}
          icon="link"
          onClick={() => navigator.clipboard.writeText(embedAddress(panel)).then(sayCopied, sayRefused)}
        />
      )}
      <IconButton label={`Remove ${panel.title}`} icon="trash" onClick={removal.open} />
      {removal.isOpen && (
        <Dialog title={`Remove ${panel.title}?`} open onClose={removal.close}>
          <p>The panel is removed for everybody. The recorded data stays.</p>
          <Button
            kind="danger"
            onClick={() => {
              removal.close();
              save(others);
            }}
          >
            Remove the panel
          </Button>
        </Dialog>
      )}
    </Row>
  );
}
