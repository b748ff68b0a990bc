/** A line of a diff. `before` and `after` are its line numbers in each text, from 1. */
export interface DiffLine {
  kind: 'same' | 'removed' | 'added';
  text: string;
  before: number | null;
  after: number | null;
}

/** Larger tables take too long. Then the differing part is shown as replaced as a whole. */
const MAX_CELLS = 4_000_000;

const sorted = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** A JSON value as lines, with its keys in alphabetical order; a text stays as it is. */
export function linesOf(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  return (typeof value === 'string' ? value : JSON.stringify(value, sorted, 2)).split('\n');
}

/** The lengths of the longest common subsequences of all suffixes of both texts. */
function commonLengths(before: readonly string[], after: readonly string[]): Uint32Array[] {
  const table = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1));
  const at = (row: number, column: number) => table[row]?.[column] ?? 0;
  for (let row = before.length - 1; row >= 0; row -= 1) {
    for (let column = after.length - 1; column >= 0; column -= 1) {
      const isSame = before[row] === after[column];
      const length = isSame
        ? at(row + 1, column + 1) + 1
        : Math.max(at(row + 1, column), at(row, column + 1));
      table[row]?.fill(length, column, column + 1);
    }
  }
  return table;
}

type Kinds = DiffLine['kind'][];

function kindsOf(before: readonly string[], after: readonly string[]): Kinds {
  const replaced = (rows: number, columns: number): Kinds => [
    ...Array<'removed'>(rows).fill('removed'),
    ...Array<'added'>(columns).fill('added'),
  ];
  if (before.length * after.length > MAX_CELLS) return replaced(before.length, after.length);
  const table = commonLengths(before, after);
  const kinds: Kinds = [];
  let [row, column] = [0, 0];
  while (row < before.length && column < after.length) {
    if (before[row] === after[column]) {
      kinds.push('same');
      row += 1;
      column += 1;
    } else if ((table[row + 1]?.[column] ?? 0) >= (table[row]?.[column + 1] ?? 0)) {
      kinds.push('removed');
      row += 1;
    } else {
      kinds.push('added');
      column += 1;
    }
  }
  return [...kinds, ...replaced(before.length - row, after.length - column)];
}

/** The diff from one text to the other, by lines: the fewest removals and additions. */
export function diffLines(before: readonly string[], after: readonly string[]): DiffLine[] {
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < most - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  const kinds: Kinds = [
    ...Array<'same'>(head).fill('same'),
    ...kindsOf(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...Array<'same'>(tail).fill('same'),
  ];
  let [row, column] = [0, 0];
  return kinds.map((kind) => {
    const text = (kind === 'added' ? after[column] : before[row]) ?? '';
    if (kind !== 'added') row += 1;
    if (kind !== 'removed') column += 1;
    return { kind, text, before: kind === 'added' ? null : row, after: kind === 'removed' ? null : column };
  });
}
