import { mix, resolveColor } from './colors.ts';

/** Keeps even the weakest cell with a value visible. */
const MIN_SHARE = 0.12;

/** Draws the cells of a heatmap over a whole canvas; the first row is the lowest. */
export function drawCells(canvas: HTMLCanvasElement, counts: readonly (readonly number[])[], rows: number) {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const ratio = devicePixelRatio;
  canvas.width = canvas.clientWidth * ratio;
  canvas.height = canvas.clientHeight * ratio;
  const [strong, ground] = [resolveColor('--series-1'), resolveColor('--surface')];
  const greatest = Math.max(...counts.flat(), 1);
  // Whole pixels: cells with blurred edges produce a pattern of lines.
  const x = (column: number) => Math.round((column / counts.length) * canvas.width);
  const y = (row: number) => Math.round((1 - row / rows) * canvas.height);
  for (const [column, cells] of counts.entries()) {
    for (const [row, count] of cells.entries()) {
      if (count === 0) continue;
      // The square root, so that few values remain visible beside many.
      context.fillStyle = mix(strong, ground, MIN_SHARE + (1 - MIN_SHARE) * Math.sqrt(count / greatest));
      context.fillRect(x(column), y(row + 1), x(column + 1) - x(column), y(row) - y(row + 1));
    }
  }
}
