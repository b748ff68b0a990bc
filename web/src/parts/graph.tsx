import '../styles/badge.css';
import '../styles/graph.css';
import { type Edge, placeNodes, type Slot } from './charts/layers.ts';
import type { Tone } from './tone.ts';

/** A box of {@link Graph}. */
export interface GraphNode {
  key: string;
  label: string;
  /** A second line in muted text. */
  detail?: string;
  tone?: Tone;
  href?: string;
}

interface GraphProps {
  /** What it shows, read aloud. */
  title: string;
  nodes: readonly GraphNode[];
  /** Edges to nodes that are not in `nodes` are not drawn. */
  edges: readonly Edge[];
  /** The key of the node that the page is about. */
  selected?: string | null;
  onSelect?(node: GraphNode): void;
}

const BOX = { width: 172, height: 44, gapX: 64, gapY: 14 };

const positionOf = ({ layer, order }: Slot) => ({
  left: layer * (BOX.width + BOX.gapX),
  top: order * (BOX.height + BOX.gapY),
});

/**
 * A curve from the right side of a box to the left side of another. It passes below both if it
 * leads back.
 */
function curve(from: Slot, to: Slot): string {
  const [start, end] = [positionOf(from), positionOf(to)];
  const [x1, y1] = [start.left + BOX.width, start.top + BOX.height / 2];
  const [x2, y2] = [end.left, end.top + BOX.height / 2];
  if (x2 > x1) {
    const middle = (x1 + x2) / 2;
    return `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2 - 5} ${y2}`;
  }
  const low = Math.max(y1, y2) + BOX.height;
  return `M${x1} ${y1}C${x1 + 48} ${low} ${x2 - 48} ${low} ${x2 - 5} ${y2}`;
}

/** What depends on what, from left to right. An edge that closes a cycle is dashed. */
export function Graph({ title, nodes, edges, selected, onSelect }: GraphProps) {
  const slots = placeNodes(
    nodes.map(({ key }) => key),
    edges,
  );
  const all = [...slots.values()].map(positionOf);
  const width = Math.max(0, ...all.map(({ left }) => left)) + BOX.width;
  const height = Math.max(0, ...all.map(({ top }) => top)) + BOX.height;
  const drawn = edges.flatMap((edge) => {
    const [from, to] = [slots.get(edge.from), slots.get(edge.to)];
    return from === undefined || to === undefined ? [] : [{ edge, from, to }];
  });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard.
    <section class="graph" tabIndex={0} aria-label={`Graph: ${title}`}>
      <div class="graph-canvas" style={{ width: `${width}px`, height: `${height + 24}px` }}>
        <svg width={width} height={height + 24} aria-hidden="true">
          {drawn.map(({ edge, from, to }) => (
            <g key={`${edge.from} ${edge.to}`} class={to.layer <= from.layer ? 'graph-back' : undefined}>
              <path d={curve(from, to)} />
              <path class="graph-arrow" d={arrow(to)} />
            </g>
          ))}
        </svg>
        {nodes.map((node) => {
          const slot = slots.get(node.key);
          return (
            slot && (
              <NodeBox key={node.key} {...{ node, slot, onSelect }} isSelected={node.key === selected} />
            )
          );
        })}
      </div>
      <ul class="visually-hidden">
        {drawn.map(({ edge: { from, to, label } }) => (
          <li key={`${from} ${to}`}>
            {from} {label ?? 'leads to'} {to}
          </li>
        ))}
      </ul>
    </section>
  );
}

function arrow(slot: Slot): string {
  const { left, top } = positionOf(slot);
  return `M${left - 6} ${top + BOX.height / 2 - 4}l6 4l-6 4z`;
}

interface NodeBoxProps {
  node: GraphNode;
  slot: Slot;
  isSelected: boolean;
  onSelect: GraphProps['onSelect'];
}

function NodeBox({ node, slot, isSelected, onSelect }: NodeBoxProps) {
  const { label, detail, tone = 'neutral', href } = node;
  const { left, top } = positionOf(slot);
  const common = {
    class: `graph-node tone-${tone}${isSelected ? ' graph-node-selected' : ''}`,
    style: { left: `${left}px`, top: `${top}px`, width: `${BOX.width}px`, height: `${BOX.height}px` },
    title: detail === undefined ? label : `${label}\n${detail}`,
  };
  const content = (
    <>
      <span class="truncate">{label}</span>
      {detail !== undefined && <small class="truncate">{detail}</small>}
    </>
  );
  if (href !== undefined) {
    return (
      <a {...common} href={href}>
        {content}
      </a>
    );
  }
  if (onSelect === undefined) return <div {...common}>{content}</div>;
  return (
    <button type="button" {...common} aria-pressed={isSelected} onClick={() => onSelect(node)}>
      {content}
    </button>
  );
}
