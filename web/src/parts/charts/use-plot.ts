import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type uPlot from 'uplot';
import { inTurn } from './in-turn.ts';
import { alignedData, createPlot, type PlotData, type PlotEvents, type PlotSpec } from './plot.ts';
import { scheme } from './scheme.ts';

/** Calls `onWidth` when the width of an element changes. */
function watchWidth(element: HTMLElement, onWidth: (width: number) => void): () => void {
  const observer = new ResizeObserver(() => onWidth(element.clientWidth));
  observer.observe(element);
  return () => observer.disconnect();
}

/** The element of a chart, and the chart once it is drawn. */
interface Drawn {
  readonly host: RefObject<HTMLDivElement | null>;
  readonly plot: RefObject<uPlot | null>;
}

/** Keeps a chart in an element: recreated when its form changes, updated when its values do. */
export function usePlot(spec: PlotSpec, current: PlotData & PlotEvents): Drawn {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const latest = useRef(current);
  latest.current = current;

  const form = JSON.stringify([
    { ...spec, hidden: [...spec.hidden] },
    current.series.map(({ key, style, tone }) => [key, style, tone]),
    scheme.value,
  ]);
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    let undraw = () => {};
    const withdraw = inTurn(() => {
      const made = createPlot(element, spec, () => latest.current);
      plot.current = made;
      const stop = watchWidth(element, (width) => {
        if (width > 0 && width !== made.width) made.setSize({ width, height: spec.height });
      });
      undraw = () => {
        stop();
        made.destroy();
        plot.current = null;
      };
    });
    return () => {
      withdraw();
      undraw();
    };
  }, [form]);

  useEffect(() => {
    plot.current?.setData(alignedData(latest.current, spec));
  }, [current.times, current.series, current.thresholds.join()]);
  return { host, plot };
}
