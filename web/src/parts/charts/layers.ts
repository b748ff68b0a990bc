/** A connection between two nodes, by key. */
export interface Edge {
  from: string;
  to: string;
  label?: string;
}

/** The position of a node: its layer from the left, and its row in the layer from the top. */
export interface Slot {
  layer: number;
  order: number;
}

/** Passes over the layers. More change almost nothing. */
const PASSES = 4;

/**
 * The edges without those that close a cycle, found by a depth-first walk. The walk keeps its own
 * stack, because a long chain must not exhaust the browser's.
 */
export function withoutCircles(keys: readonly string[], edges: readonly Edge[]): Edge[] {
  const leaving = byStart(edges);
  const state = new Map<string, 'open' | 'done'>();
  const kept: Edge[] = [];
  for (const root of keys) {
    const walk: { key: string; next: number }[] = state.has(root) ? [] : [{ key: root, next: 0 }];
    if (walk.length > 0) state.set(root, 'open');
    for (let top = walk.at(-1); top !== undefined; top = walk.at(-1)) {
      const edge = leaving.get(top.key)?.[top.next];
      top.next += 1;
      if (edge === undefined) {
        state.set(top.key, 'done');
        walk.pop();
        continue;
      }
      if (state.get(edge.to) === 'open') continue;
      kept.push(edge);
      if (!state.has(edge.to)) {
        state.set(edge.to, 'open');
        walk.push({ key: edge.to, next: 0 });
      }
    }
  }
  return kept;
}

/** Puts each node one layer to the right of its last predecessor. */
function layersOf(keys: readonly string[], edges: readonly Edge[]): Map<string, number> {
  const layers = new Map(keys.map((key) => [key, 0]));
  const waiting = new Map(keys.map((key) => [key, 0]));
  for (const { to } of edges) waiting.set(to, (waiting.get(to) ?? 0) + 1);
  const leaving = byStart(edges);
  const ready = keys.filter((key) => waiting.get(key) === 0);
  for (let key = ready.pop(); key !== undefined; key = ready.pop()) {
    for (const { to } of leaving.get(key) ?? []) {
      layers.set(to, Math.max(layers.get(to) ?? 0, (layers.get(key) ?? 0) + 1));
      const left = (waiting.get(to) ?? 0) - 1;
      waiting.set(to, left);
      if (left === 0) ready.push(to);
    }
  }
  return layers;
}

/** Puts each node of a layer near the mean of its neighbours, which reduces crossings. */
function ordered(layers: string[][], edges: readonly Edge[]): Map<string, number> {
  const order = new Map(layers.flatMap((layer) => layer.map((key, index) => [key, index] as const)));
  const neighbours = new Map<string, string[]>();
  for (const { from, to } of edges) {
    neighbours.set(from, [...(neighbours.get(from) ?? []), to]);
    neighbours.set(to, [...(neighbours.get(to) ?? []), from]);
  }
  const weightOf = (key: string) => {
    const near = neighbours.get(key) ?? [];
    if (near.length === 0) return order.get(key) ?? 0;
    return near.reduce((sum, other) => sum + (order.get(other) ?? 0), 0) / near.length;
  };
  for (let pass = 0; pass < PASSES; pass += 1) {
    for (const layer of pass % 2 === 0 ? layers : layers.toReversed()) {
      const weights = new Map(layer.map((key) => [key, weightOf(key)]));
      layer.sort((a, b) => (weights.get(a) ?? 0) - (weights.get(b) ?? 0));
      for (const [index, key] of layer.entries()) order.set(key, index);
    }
  }
  return order;
}

/**
 * Places nodes in layers so that edges lead to the right. An edge that closes a cycle leads back.
 */
export function placeNodes(keys: readonly string[], edges: readonly Edge[]): Map<string, Slot> {
  const known = new Set(keys);
  const among = edges.filter(({ from, to }) => from !== to && known.has(from) && known.has(to));
  const forward = withoutCircles(keys, among);
  const layers = layersOf(keys, forward);
  const rows: string[][] = [];
  for (const key of keys) {
    const layer = layers.get(key) ?? 0;
    rows[layer] = [...(rows[layer] ?? []), key];
  }
  const order = ordered(rows, forward);
  return new Map(keys.map((key) => [key, { layer: layers.get(key) ?? 0, order: order.get(key) ?? 0 }]));
}

function byStart(edges: readonly Edge[]): Map<string, Edge[]> {
  const groups = new Map<string, Edge[]>();
  for (const edge of edges) {
    const group = groups.get(edge.from);
    if (group === undefined) groups.set(edge.from, [edge]);
    else group.push(edge);
  }
  return groups;
}
