import { render } from 'preact';
import 'uplot/dist/uPlot.min.css';
import './styles/theme.css';
import './styles/layout.css';
import './styles/parts.css';
import './styles/controls.css';
import './styles/table.css';
import { startFeeds } from './store.ts';
import { Shell } from './view/shell.tsx';

const place = document.getElementById('app');
if (place) render(<Shell />, place);
startFeeds();
