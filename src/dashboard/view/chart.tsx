import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';

interface ChartProps {
  readonly seconds: readonly number[];
  readonly values: readonly number[];
  readonly label: string;
  /** Name of the style sheet's colour. */
  readonly colour: string;
  /** What the scale reaches to at least, in the unit of the values. */
  readonly most?: number;
  /** What the curve says, for who does not see it. */
  readonly summary?: string;
}

const HEIGHT_PX = 96;
const SPAN_SECONDS = 300;
/** A page that was just opened shows what it has seen in a width that can be read. */
const LEAST_SPAN_SECONDS = 30;

/** An amount over the last five minutes; without `most` a share from 0 to 100. */
export const Chart = ({ seconds, values, label, colour, most = 100, summary }: ChartProps) => {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | undefined>(undefined);

  useEffect(() => {
    const element = place.current;
    if (!element) return undefined;
    const plot = new uPlot(optionsFor(element, { label, colour, most }), [[], []], element);
    chart.current = plot;
    const resized = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT_PX }));
    resized.observe(element);
    return () => {
      resized.disconnect();
      plot.destroy();
    };
  }, [label, colour, most]);

  useEffect(() => {
    chart.current?.setData([[...seconds], [...values]]);
  }, [seconds, values, most]);

  const told = `${label} over the last five minutes`;
  return (
    <div
      class="chart"
      ref={place}
      role="img"
      aria-label={summary === undefined ? told : `${told}: ${summary}`}
    />
  );
};

const optionsFor = (
  element: HTMLElement,
  { label, colour, most }: Required<Pick<ChartProps, 'label' | 'colour' | 'most'>>,
): uPlot.Options => {
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
      y: { range: (_plot, _least, highest) => [0, Math.max(most, highest)] },
    },
    series: [{}, { label, stroke, fill: `${stroke}26`, width: 2, points: { show: false } }],
  };
};
