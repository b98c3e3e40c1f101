import { render } from 'preact';
import 'uplot/dist/uPlot.min.css';
import './dashboard.css';
import { startFeeds } from './store.ts';
import { Allocation } from './view/allocation.tsx';
import { Header } from './view/header.tsx';
import { Nodes } from './view/nodes.tsx';
import { Services } from './view/services.tsx';
import { Tasks } from './view/tasks.tsx';

const Page = () => (
  <>
    <Header />
    <main>
      <Allocation />
      <Nodes />
      <Services />
      <Tasks />
    </main>
  </>
);

const place = document.getElementById('app');
if (place) render(<Page />, place);
startFeeds();
