/**
 * A task that there never was. Its answer comes after those of all others; and while a restarted master still expects
 * agents, which may have tasks of ours, there is none (mesos.md 1.13).
 */
export const LAST_ASKED = 'last-asked';
