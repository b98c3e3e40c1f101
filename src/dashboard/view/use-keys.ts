import { useEffect } from 'preact/hooks';
import { goTo, isJumping } from '../navigation.ts';

/** After g, the key of a place leads there. */
const PLACES: Readonly<Record<string, readonly string[]>> = {
  o: [],
  s: ['services'],
  t: ['tasks'],
  d: ['deployments'],
  j: ['jobs'],
  p: ['packages'],
  n: ['nodes'],
  r: ['roles'],
  e: ['events'],
};
const CHORD_MS = 1_500;

/** Keys that work everywhere but in fields: / leads to the filter, g and a letter to a place, Ctrl and k to anything by name. */
export const useKeys = (): void => {
  useEffect(() => {
    let armedAt = 0;
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'k' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        isJumping.value = true;
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const to = PLACES[event.key];
      if (to && event.timeStamp - armedAt < CHORD_MS) goTo(to);
      armedAt = event.key === 'g' ? event.timeStamp : 0;
      if (event.key !== '/') return;
      const box = document.querySelector<HTMLInputElement>('[data-find]');
      event.preventDefault();
      if (box === null) {
        isJumping.value = true;
        return;
      }
      box.focus();
      box.select();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
};

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.matches('input, textarea, select') || target.closest('dialog') !== null);
