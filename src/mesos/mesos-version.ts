/**
 * The release of Mesos that master and agent are compatible with and present themselves as: schedulers choose what they
 * ask for by it, and refuse versions below 1.0 (mesos.md 8.3). Plenum's own version stands beside it, in /version.
 */
export const MESOS_VERSION = '1.11.0';
