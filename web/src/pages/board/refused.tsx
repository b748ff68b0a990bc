import { Button } from '../../parts/button.tsx';
import { Row } from '../../parts/row.tsx';
import type { Refusal } from './use-board-change.ts';

/** Says why a change of the board was not stored, and offers what can be done. */
export function Refused({ refusal: { message, conflict } }: { refusal: Refusal }) {
  if (conflict === null) return <p role="alert">{message}</p>;
  return (
    <div role="alert">
      <p>Somebody else has changed this board. Your last change was not saved.</p>
      <Row gap="tight">
        <Button icon="refresh" onClick={conflict.loadAgain}>
          Reload the board
        </Button>
        <Button kind="danger" onClick={conflict.overwrite}>
          Overwrite their changes
        </Button>
      </Row>
    </div>
  );
}
