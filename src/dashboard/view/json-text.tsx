import { REACHED_BY_KEYS } from './reached-by-keys.ts';

/** A document as it is written; what does not fit is scrolled to, by keys as well. */
export const JsonText = ({ label, value }: { label: string; value: unknown }) => (
  <section class="code" aria-label={label} {...REACHED_BY_KEYS}>
    <pre>{JSON.stringify(value, null, 2)}</pre>
  </section>
);
