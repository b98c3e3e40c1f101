import { useEffect, useRef } from 'preact/hooks';
import { route } from '../navigation.ts';
import { Current, PLACES } from '../pages/current.tsx';
import { Jump } from '../panels/jump.tsx';
import { clusterName, deploymentCount } from '../store.ts';
import { Header } from './header.tsx';
import { useKeys } from './use-keys.ts';

/** The whole page: what leads everywhere, and the place that one is at. */
export const Shell = () => {
  const main = useRef<HTMLElement>(null);
  const place = route.value.parts.join('/');
  const name = clusterName.value;
  useKeys();
  useEffect(() => {
    const heading = main.current?.querySelector<HTMLElement>('h1');
    const title = PLACES.find(({ path }) => path === place)?.title ?? place.split('/').at(-1) ?? '';
    document.title = [place === '' ? '' : title, name, 'Plenum'].filter(Boolean).join(' · ');
    // Who cannot see that another place is shown hears it; who has just opened the page is left at its beginning.
    if (place !== '' && !document.querySelector('dialog[open]')) heading?.focus({ preventScroll: true });
  }, [place, name]);
  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <Header />
      <Places />
      <Jump />
      <main ref={main} id="content" tabIndex={-1}>
        <Current />
      </main>
    </>
  );
};

const Places = () => {
  const list = useRef<HTMLUListElement>(null);
  const [current = ''] = route.value.parts;
  useEffect(() => {
    // On a narrow screen not all of them are in sight.
    const link = list.current?.querySelector(`a[href="#/${CSS.escape(current)}"]`);
    link?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [current]);
  return (
    <nav class="places" aria-label="Places">
      <ul ref={list}>
        {PLACES.map(({ path, title }) => (
          <li key={path}>
            <a href={`#/${path}`} aria-current={path === current ? 'page' : undefined}>
              {title}
              {path === 'deployments' && deploymentCount.value > 0 ? (
                <>
                  {' '}
                  <span class="count">{deploymentCount}</span>
                </>
              ) : null}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
};
