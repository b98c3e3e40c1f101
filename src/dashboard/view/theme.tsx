import { effect, signal } from '@preact/signals';

const STORED_AS = 'plenum-theme';

type Theme = 'light' | 'dark';

const preferred = (): Theme => {
  const stored = localStorage.getItem(STORED_AS);
  if (stored === 'light' || stored === 'dark') return stored;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
};

/** What is shown now. */
export const theme = signal<Theme>(preferred());

effect(() => {
  document.documentElement.dataset.theme = theme.value;
});

/** Switches between light and dark; the choice is kept. */
export const ThemeButton = () => {
  const other: Theme = theme.value === 'dark' ? 'light' : 'dark';
  return (
    <button
      type="button"
      class="theme"
      aria-label={`Switch to ${other} colours`}
      title={`Switch to ${other} colours`}
      onClick={() => {
        theme.value = other;
        localStorage.setItem(STORED_AS, other);
      }}
    >
      {theme.value === 'dark' ? '☀' : '☾'}
    </button>
  );
};
