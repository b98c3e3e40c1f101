import type { ValueChange } from '../model/marathon.ts';

/** How two documents differ, value by value. */
export const Changes = ({ changes }: { changes: readonly ValueChange[] }) => (
  <ul class="changes">
    {changes.map(({ path, before, after }) => (
      <li key={path}>
        <code>{path}</code>
        {before === undefined ? null : <del>{JSON.stringify(before)}</del>}
        {after === undefined ? null : <ins>{JSON.stringify(after)}</ins>}
      </li>
    ))}
  </ul>
);
