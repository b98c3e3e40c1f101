import type { ComponentChildren } from 'preact';

/** What is known of one thing, name by name; what is not known (undefined, '', an empty list) is left out. */
export const Facts = ({ facts }: { facts: readonly (readonly [string, ComponentChildren])[] }) => (
  <dl class="facts">
    {facts.map(([name, value]) =>
      isNothing(value) ? null : (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ),
    )}
  </dl>
);

const isNothing = (value: ComponentChildren): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
