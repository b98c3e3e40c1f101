import { computed } from '@preact/signals';
import type { FeedMode } from '../feeds/master-feed.ts';
import { isJumping } from '../navigation.ts';
import { clusterName, mode, nodes, services, tasks } from '../store.ts';
import { Status, type Tone } from './status.tsx';
import { ThemeButton } from './theme.tsx';

const MODES: Readonly<Record<FeedMode, { tone: Tone; text: string }>> = {
  connecting: { tone: 'busy', text: 'Connecting' },
  live: { tone: 'good', text: 'Live' },
  polling: { tone: 'busy', text: 'Polling' },
  offline: { tone: 'bad', text: 'The cluster does not answer' },
};

const runningTasks = computed(() => tasks.value.filter(({ state }) => state === 'TASK_RUNNING').length);
const activeNodes = computed(() => nodes.value.filter(({ isActive }) => isActive).length);

/** Which cluster this is, how much of it there is, and whether what is shown is of now. */
export const Header = () => {
  const { tone, text } = MODES[mode.value];
  return (
    <header>
      <svg viewBox="0 0 16 16" width="22" height="22" aria-hidden="true">
        <path fill="currentColor" d="M2 3h12v2H2zm0 4h8v2H2zm0 4h12v2H2z" />
      </svg>
      <a class="name" href="#/">
        Plenum <span class="dim">{clusterName}</span>
      </a>
      <ul class="totals">
        <li>
          <strong>{activeNodes}</strong> nodes
        </li>
        <li>
          <strong>{services.value.length}</strong> services
        </li>
        <li>
          <strong>{runningTasks}</strong> tasks running
        </li>
      </ul>
      <span role="status">
        <Status tone={tone}>{text}</Status>
      </span>
      <button
        type="button"
        title="Ctrl K"
        onClick={() => {
          isJumping.value = true;
        }}
      >
        Go to…
      </button>
      <ThemeButton />
    </header>
  );
};
