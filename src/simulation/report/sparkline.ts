const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
const WIDTH = 32;

/** Values over time in one short line: means of equal parts of the time, from 0 to `highest`. */
export const sparkline = (values: readonly number[], highest: number): string => {
  const width = Math.min(WIDTH, values.length);
  return Array.from({ length: width }, (_, index) => {
    const part = values.slice(
      Math.floor((index * values.length) / width),
      Math.floor(((index + 1) * values.length) / width),
    );
    const mean = part.reduce((sum, value) => sum + value, 0) / part.length;
    const step =
      highest > 0 ? Math.min(BARS.length - 1, Math.round((mean / highest) * (BARS.length - 1))) : 0;
    return BARS[step];
  }).join('');
};
