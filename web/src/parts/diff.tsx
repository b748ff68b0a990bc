import '../styles/diff.css';
import { type DiffLine, diffLines, linesOf } from './charts/lines.ts';

interface DiffProps {
  /** JSON values, or texts. Null or undefined if there was nothing. */
  before: unknown;
  after: unknown;
  /** What each side is, for example "version 3". */
  titles?: readonly [before: string, after: string];
}

/** How many unchanged lines are shown around a change. */
const AROUND = 3;

const SIGNS = { same: ' ', removed: '−', added: '+' } as const;

/** Changes with the lines around them. A number stands for that many unchanged lines. */
function folded(lines: readonly DiffLine[]): (DiffLine | number)[] {
  const near = lines.map((_, index) =>
    lines.slice(Math.max(0, index - AROUND), index + AROUND + 1).some(({ kind }) => kind !== 'same'),
  );
  const shown: (DiffLine | number)[] = [];
  for (const [index, line] of lines.entries()) {
    const last = shown.at(-1);
    if (near[index]) shown.push(line);
    else if (typeof last === 'number') shown[shown.length - 1] = last + 1;
    else shown.push(1);
  }
  return shown;
}

/** The differences between two JSON values, by lines. */
export function Diff({ before, after, titles }: DiffProps) {
  const lines = diffLines(linesOf(before), linesOf(after));
  if (lines.every(({ kind }) => kind === 'same')) return <p class="muted">Nothing changed.</p>;
  const [from, to] = titles ?? ['before', 'after'];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard.
    <section class="diff" tabIndex={0} aria-label={`What changed from ${from} to ${to}`}>
      {titles !== undefined && (
        <p class="diff-titles muted">
          {from} → {to}
        </p>
      )}
      <table>
        <tbody>
          {folded(lines).map((line, index) => (
            <DiffRow key={index} line={line} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function DiffRow({ line }: { line: DiffLine | number }) {
  if (typeof line === 'number') {
    return (
      <tr class="diff-fold">
        <td colSpan={4}>{line === 1 ? '1 unchanged line' : `${line} unchanged lines`}</td>
      </tr>
    );
  }
  return (
    <tr class={`diff-${line.kind}`}>
      <td class="diff-number">{line.before}</td>
      <td class="diff-number">{line.after}</td>
      <td class="diff-sign">
        <span aria-hidden="true">{SIGNS[line.kind]}</span>
        {line.kind !== 'same' && <span class="visually-hidden">{line.kind}</span>}
      </td>
      <td>
        <code>{line.text}</code>
      </td>
    </tr>
  );
}
