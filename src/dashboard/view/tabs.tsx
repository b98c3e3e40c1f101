import type { ComponentChildren } from 'preact';
import { keepInAddress, route } from '../navigation.ts';

export interface Tab {
  readonly name: string;
  readonly title: string;
  readonly view: () => ComponentChildren;
}

/** One of several views, chosen in the address; arrow keys lead from one to the next. */
export const Tabs = ({ label, tabs }: { label: string; tabs: readonly Tab[] }) => {
  const chosen = tabs.find(({ name }) => name === route.value.query.tab) ?? tabs[0];
  const move = (event: KeyboardEvent, step: number): void => {
    const index = tabs.findIndex(({ name }) => name === chosen?.name);
    const next = tabs[(index + step + tabs.length) % tabs.length];
    if (next === undefined) return;
    event.preventDefault();
    keepInAddress('tab', next.name);
    const { parentElement } = event.currentTarget as HTMLElement;
    parentElement?.querySelector<HTMLElement>(`[data-tab="${next.name}"]`)?.focus();
  };
  return (
    <>
      <div class="tabs" role="tablist" aria-label={label}>
        {tabs.map(({ name, title }) => (
          <button
            key={name}
            type="button"
            role="tab"
            data-tab={name}
            aria-selected={name === chosen?.name}
            tabIndex={name === chosen?.name ? 0 : -1}
            onClick={() => keepInAddress('tab', name)}
            onKeyDown={(event) => {
              if (event.key === 'ArrowRight') move(event, 1);
              if (event.key === 'ArrowLeft') move(event, -1);
            }}
          >
            {title}
          </button>
        ))}
      </div>
      <div role="tabpanel" aria-label={chosen?.title}>
        {chosen?.view()}
      </div>
    </>
  );
};
