import { useState } from 'preact/hooks';
import { listInstalled, searchPackages } from '../feeds/package-calls.ts';
import { type FoundPackage, safeImage } from '../model/packages.ts';
import { InstalledTable } from '../panels/installed-table.tsx';
import { RepositoriesPanel } from '../panels/repositories-panel.tsx';
import { UninstallsPanel } from '../panels/uninstalls-panel.tsx';
import { FindBox, findText } from '../view/find-box.tsx';
import { Link } from '../view/link.tsx';
import { Problem } from '../view/problem.tsx';
import { useLive } from '../view/use-live.ts';

/** As many cards are drawn at first. */
const FIRST_CARDS = 60;

/** What is installed, and what can be. */
export const PackagesPage = () => {
  const query = findText();
  const installed = useLive('installed', listInstalled);
  const results = useLive(`search ${query}`, () => searchPackages(query), { everyMs: 30_000 });
  return (
    <>
      <section class="panel wide">
        <h1 tabIndex={-1}>Packages</h1>
        <h2>
          Installed <span class="count">{installed.value?.length ?? 0}</span>
        </h2>
        <Problem problem={installed.problem} />
        <InstalledTable rows={installed.value ?? []} />
        <UninstallsPanel />
      </section>
      <section class="panel wide">
        <div class="heading">
          <h2>
            Catalog <span class="count">{results.value?.length ?? 0}</span>
          </h2>
          <FindBox label="Search packages" />
        </div>
        <Problem problem={results.problem} />
        <Cards found={results.value} query={query} />
      </section>
      <RepositoriesPanel onChange={results.reload} />
    </>
  );
};

const Cards = ({ found, query }: { found: readonly FoundPackage[] | undefined; query: string }) => {
  const [most, setMost] = useState(FIRST_CARDS);
  if (found === undefined) return <p class="empty">Looking through the repositories…</p>;
  if (found.length === 0) {
    return (
      <p class="empty">
        {query === '' ? 'The repositories have no packages: ' : 'No package fits: '}
        <code>plenum package repo add NAME URI</code>
      </p>
    );
  }
  return (
    <>
      <ul class="cards">
        {found.slice(0, most).map((one) => (
          <PackageCard key={one.name} found={one} />
        ))}
      </ul>
      {found.length > most ? (
        <div class="buttons is-left">
          <button type="button" onClick={() => setMost(most + FIRST_CARDS)}>
            {found.length - most} more
          </button>
        </div>
      ) : null}
    </>
  );
};

const PackageCard = ({
  found: { name, currentVersion, description, selected, images, tags },
}: {
  found: FoundPackage;
}) => {
  const image = safeImage(images);
  return (
    <li class="card">
      <h3>
        {image === undefined ? null : <img src={image} alt="" width="24" height="24" loading="lazy" />}{' '}
        <Link to={['packages', 'catalog', name]}>{name}</Link>{' '}
        {selected ? <span class="count">selected</span> : null}
      </h3>
      <p class="dim">{currentVersion}</p>
      <p>{description}</p>
      <p class="kind">{tags.join(', ')}</p>
    </li>
  );
};
