import type { MasterSettings } from '../../../src/master/core/settings.ts';

/** The defaults of a master, at an address that nothing listens on. */
export const SETTINGS: MasterSettings = {
  version: '1.11.0',
  hostname: 'master',
  ip: '127.0.0.1',
  port: 5050,
  allocationIntervalMs: 1_000,
  agentPingTimeoutMs: 15_000,
  maxAgentPingTimeouts: 5,
  agentReregisterTimeoutMs: 600_000,
  offerTimeoutMs: undefined,
};
