import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';

interface ChartProps {
  readonly seconds: readonly number[];
  readonly values: readonly number[];
  readonly label: string;
  /** Name of the style sheet's colour. */
  readonly colour: string;
}

const HEIGHT_PX = 96;
const SPAN_SECONDS = 300;
/** A page that was just opened shows what it has seen in a width that can be read. */
const LEAST_SPAN_SECONDS = 30;

/** A share from 0 to 100 over the last five minutes. */
export const Chart = ({ seconds, values, label, colour }: ChartProps) => {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | undefined>(undefined);

  useEffect(() => {
    const element = place.current;
    if (!element) return undefined;
    const plot = new uPlot(optionsFor(element, label, colour), [[], []], element);
    chart.current = plot;
    const resized = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT_PX }));
    resized.observe(element);
    return () => {
      resized.disconnect();
      plot.destroy();
    };
  }, [label, colour]);

  useEffect(() => {
    chart.current?.setData([[...seconds], [...values]]);
  }, [seconds, values]);

  return <div class="chart" ref={place} role="img" aria-label={`${label} over the last five minutes`} />;
};

const optionsFor = (element: HTMLElement, label: string, colour: string): uPlot.Options => {
  const style = getComputedStyle(element);
  const stroke = style.getPropertyValue(colour).trim();
  return {
    width: element.clientWidth,
    height: HEIGHT_PX,
    padding: [6, 0, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    axes: [{ show: false }, { show: false }],
    scales: {
      x: {
        time: false,
        range: (_plot, first, last) => [
          Math.max(last - SPAN_SECONDS, Math.min(first, last - LEAST_SPAN_SECONDS)),
          last,
        ],
      },
      y: { range: [0, 100] },
    },
    series: [{}, { label, stroke, fill: `${stroke}26`, width: 2, points: { show: false } }],
  };
};
