import { useState } from 'preact/hooks';
import '../styles/tree.css';

interface TreeProps {
  value: unknown;
  /** How many levels are open initially. */
  open?: number;
}

/** Longer lists show their first entries until the user asks for the rest. */
const SHOWN = 100;

/** A JSON value as a tree whose branches open and close. */
export function Tree({ value, open = 2 }: TreeProps) {
  return (
    <div class="tree">
      <Node name={null} value={value} open={open} />
    </div>
  );
}

interface NodeProps {
  name: string | null;
  value: unknown;
  open: number;
}

function Node({ name, value, open }: NodeProps) {
  if (typeof value !== 'object' || value === null) {
    return (
      <div class="tree-leaf">
        <Name name={name} />
        <Scalar value={value} />
      </div>
    );
  }
  return <Branch name={name} value={value} open={open} />;
}

function Branch({ name, value, open }: NodeProps & { value: object }) {
  const entries = Object.entries(value);
  const [isOpen, setOpen] = useState(open > 0);
  const [shown, setShown] = useState(SHOWN);
  const isList = Array.isArray(value);
  const size = isList ? `[${entries.length}]` : `{${entries.length}}`;
  if (entries.length === 0) {
    return (
      <div class="tree-leaf">
        <Name name={name} />
        <span class="muted">{isList ? '[]' : '{}'}</span>
      </div>
    );
  }
  return (
    <details class="tree-branch" open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <Name name={name} />
        <span class="muted">{size}</span>
      </summary>
      {isOpen && (
        <div class="tree-children">
          {entries.slice(0, shown).map(([key, child]) => (
            <Node key={key} name={key} value={child} open={open - 1} />
          ))}
          {entries.length > shown && (
            <button type="button" class="tree-more" onClick={() => setShown(shown + SHOWN)}>
              {entries.length - shown} more
            </button>
          )}
        </div>
      )}
    </details>
  );
}

function Name({ name }: { name: string | null }) {
  return name === null ? null : (
    <>
      <span class="tree-name">{name}</span>
      <span class="muted">: </span>
    </>
  );
}

function Scalar({ value }: { value: unknown }) {
  const kind = value === null ? 'null' : typeof value;
  return (
    <span class={`tree-value tree-${kind}`}>{typeof value === 'string' ? `"${value}"` : String(value)}</span>
  );
}
