import { useState } from 'preact/hooks';
import { groupTree } from '../model/group-tree.ts';
import { keepInAddress, route } from '../navigation.ts';
import { NewApp } from '../panels/new-app.tsx';
import { ServicesTable } from '../panels/services-table.tsx';
import { services } from '../store.ts';
import { FindBox, findText, found } from '../view/find-box.tsx';

/** Apps, pods and frameworks, those that need a look first: in their groups, or all in one list. */
export const ServicesPage = () => {
  const [isAdding, setAdding] = useState(false);
  const { list, closed = '' } = route.value.query;
  const isTree = list !== 'flat' && findText() === '';
  const closedGroups = new Set(closed.split(',').filter(Boolean));
  const rows = found(
    services.value,
    ({ name, kind, status, packageName = '' }) => `${name} ${kind} ${status} ${packageName}`,
  );
  const toggle = (group: string): void => {
    if (!closedGroups.delete(group)) closedGroups.add(group);
    keepInAddress('closed', [...closedGroups].join(','));
  };
  const empty =
    findText() === '' ? (
      <>
        Nothing runs yet: <code>plenum package install hello-world</code> or{' '}
        <code>plenum marathon app add app.json</code>
      </>
    ) : (
      'No service fits the filter.'
    );
  return (
    <section class="panel wide">
      <div class="heading">
        <h1 tabIndex={-1}>
          Services <span class="count">{rows.length}</span>
        </h1>
        <label class="toggle">
          <input
            type="checkbox"
            checked={list !== 'flat'}
            onChange={({ currentTarget }) => keepInAddress('list', currentTarget.checked ? '' : 'flat')}
          />{' '}
          in groups
        </label>
        <FindBox label="Filter services" />
        <button type="button" class="main" onClick={() => setAdding(true)}>
          New app…
        </button>
      </div>
      {isTree ? (
        <ServicesTable
          rows={groupTree(rows, (group) => closedGroups.has(group))}
          empty={empty}
          onToggle={toggle}
        />
      ) : (
        <ServicesTable rows={rows} empty={empty} />
      )}
      {isAdding ? <NewApp onClose={() => setAdding(false)} /> : null}
    </section>
  );
};
