import '../styles/sparkline.css';

interface SparklineProps {
  values: readonly (number | null)[];
  /** What it shows, in words for screen readers. */
  label: string;
  /** The colour: the name of a CSS variable without its dashes, such as `bad` or `series-1`. */
  color?: string;
}

const WIDTH = 100;
const HEIGHT = 24;

/** The runs of values between gaps, as points of the drawing. */
function runsOf(values: readonly (number | null)[]): [number, number][][] {
  const known = values.filter((value) => value !== null);
  const least = Math.min(0, ...known);
  const span = Math.max(...known) - least || 1;
  const runs: [number, number][][] = [[]];
  for (const [index, value] of values.entries()) {
    if (value === null) {
      runs.push([]);
      continue;
    }
    const x = values.length > 1 ? (index / (values.length - 1)) * WIDTH : WIDTH / 2;
    const y = HEIGHT - 1 - ((value - least) / span) * (HEIGHT - 2);
    runs.at(-1)?.push([x, y]);
  }
  return runs.filter((run) => run.length > 0);
}

const pathOf = (run: readonly [number, number][]) =>
  run.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${x.toFixed(2)} ${y.toFixed(2)}`).join('');

const areaOf = (run: readonly [number, number][]) =>
  `${pathOf(run)}L${run.at(-1)?.[0].toFixed(2)} ${HEIGHT}L${run[0]?.[0].toFixed(2)} ${HEIGHT}Z`;

/** A small line without axes: the shape of a trend, not its values. */
export function Sparkline({ values, label, color = 'accent' }: SparklineProps) {
  const runs = runsOf(values);
  return (
    <svg
      class="sparkline"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
      style={{ color: `var(--${color})` }}
    >
      <path class="sparkline-area" d={runs.map(areaOf).join('')} />
      <path class="sparkline-line" d={runs.map(pathOf).join('')} />
    </svg>
  );
}
