import { percent } from '../model/history.ts';

interface BarProps {
  readonly part: number;
  readonly whole: number;
  readonly format: (amount: number) => string;
}

/** How much of something is held, as a bar with its figures. */
export const Bar = ({ part, whole, format }: BarProps) => {
  const share = percent(part, whole);
  return (
    <div class="bar" title={`${format(part)} of ${format(whole)}`}>
      <div class="bar-track">
        <div class={share > 90 ? 'bar-fill is-full' : 'bar-fill'} style={{ width: `${share}%` }} />
      </div>
      <span class="bar-label">
        {format(part)} <span class="dim">/ {format(whole)}</span>
      </span>
    </div>
  );
};
