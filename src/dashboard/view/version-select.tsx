interface VersionSelectProps {
  readonly versions: readonly string[];
  readonly chosen: string;
  /** The one that something runs as, and the word for that. */
  readonly current?: { readonly version: string; readonly as: string };
  readonly onChoose: (version: string) => void;
}

/** One of several versions. */
export const VersionSelect = ({ versions, chosen, current, onChoose }: VersionSelectProps) => (
  <label>
    Version{' '}
    <select
      aria-label="Version"
      value={chosen}
      onChange={({ currentTarget }) => onChoose(currentTarget.value)}
    >
      {versions.map((version) => (
        <option key={version} value={version}>
          {version}
          {version === current?.version ? ` (${current.as})` : ''}
        </option>
      ))}
    </select>
  </label>
);
