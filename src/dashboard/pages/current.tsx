import type { ComponentChildren } from 'preact';
import { route } from '../navigation.ts';
import { AppPage } from './app-page.tsx';
import { DeploymentsPage } from './deployments-page.tsx';
import { EventsPage } from './events-page.tsx';
import { InstalledPage } from './installed-page.tsx';
import { JobPage } from './job-page.tsx';
import { JobsPage } from './jobs-page.tsx';
import { NodePage } from './node-page.tsx';
import { NodesPage } from './nodes-page.tsx';
import { OverviewPage } from './overview-page.tsx';
import { PackagePage } from './package-page.tsx';
import { PackagesPage } from './packages-page.tsx';
import { PodPage } from './pod-page.tsx';
import { RolesPage } from './roles-page.tsx';
import { SecretsPage } from './secrets-page.tsx';
import { ServicesPage } from './services-page.tsx';
import { TaskPage } from './task-page.tsx';
import { TasksPage } from './tasks-page.tsx';

interface Place {
  /** The first part of its address. */
  readonly path: string;
  readonly title: string;
  readonly view: (rest: readonly string[]) => ComponentChildren;
}

/** All places, in the order in which they are offered; what follows in an address says which one of them. */
export const PLACES: readonly Place[] = [
  { path: '', title: 'Overview', view: () => <OverviewPage /> },
  {
    path: 'services',
    title: 'Services',
    view: ([kind, id]) => {
      if (id === undefined) return <ServicesPage />;
      return kind === 'pod' ? <PodPage key={id} id={id} /> : <AppPage key={id} id={id} />;
    },
  },
  {
    path: 'tasks',
    title: 'Tasks',
    view: ([id]) => (id === undefined ? <TasksPage /> : <TaskPage key={id} id={id} />),
  },
  { path: 'deployments', title: 'Deployments', view: () => <DeploymentsPage /> },
  {
    path: 'jobs',
    title: 'Jobs',
    view: ([id]) => (id === undefined ? <JobsPage /> : <JobPage key={id} id={id} />),
  },
  {
    path: 'packages',
    title: 'Packages',
    view: ([kind, id]) => {
      if (id === undefined) return <PackagesPage />;
      return kind === 'installed' ? (
        <InstalledPage key={id} appId={id} />
      ) : (
        <PackagePage key={id} name={id} />
      );
    },
  },
  {
    path: 'nodes',
    title: 'Nodes',
    view: ([id]) => (id === undefined ? <NodesPage /> : <NodePage key={id} id={id} />),
  },
  { path: 'roles', title: 'Roles', view: () => <RolesPage /> },
  { path: 'secrets', title: 'Secrets', view: () => <SecretsPage /> },
  { path: 'events', title: 'Events', view: () => <EventsPage /> },
];

/** The place that the address names. */
export const Current = () => {
  const [path = '', ...rest] = route.value.parts;
  const place = PLACES.find((candidate) => candidate.path === path);
  if (place) return place.view(rest);
  return (
    <section class="panel wide">
      <h1 tabIndex={-1}>There is no such place</h1>
      <p class="empty">
        <a href="#/">To the overview</a>
      </p>
    </section>
  );
};
