/** Longer values are cut; packages keep whole documents in labels. */
const LONGEST_VALUE = 80;

/** Labels, or attributes, name by name; undefined when there is none. */
export const Labels = ({ labels = {} }: { labels?: Readonly<Record<string, unknown>> | undefined }) => {
  const entries = Object.entries(labels);
  if (entries.length === 0) return <span class="dim">none</span>;
  return (
    <ul class="labels">
      {entries.map(([name, value]) => {
        const text = String(value);
        return (
          <li key={name} title={text.slice(0, 1_000)}>
            {name}={text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text}
          </li>
        );
      })}
    </ul>
  );
};
