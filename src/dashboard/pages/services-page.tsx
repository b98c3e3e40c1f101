import { useState } from 'preact/hooks';
import { NewApp } from '../panels/new-app.tsx';
import { ServicesTable } from '../panels/services-table.tsx';
import { services } from '../store.ts';
import { FindBox, findText, found } from '../view/find-box.tsx';

/** Apps, pods and frameworks, those that need a look first. */
export const ServicesPage = () => {
  const [isAdding, setAdding] = useState(false);
  const rows = found(
    services.value,
    ({ name, kind, status, packageName = '' }) => `${name} ${kind} ${status} ${packageName}`,
  );
  return (
    <section class="panel wide">
      <div class="heading">
        <h1 tabIndex={-1}>
          Services <span class="count">{rows.length}</span>
        </h1>
        <FindBox label="Filter services" />
        <button type="button" class="main" onClick={() => setAdding(true)}>
          New app…
        </button>
      </div>
      <ServicesTable
        rows={rows}
        empty={
          findText() === '' ? (
            <>
              Nothing runs yet: <code>plenum package install hello-world</code> or{' '}
              <code>plenum marathon app add app.json</code>
            </>
          ) : (
            'No service fits the filter.'
          )
        }
      />
      {isAdding ? <NewApp onClose={() => setAdding(false)} /> : null}
    </section>
  );
};
