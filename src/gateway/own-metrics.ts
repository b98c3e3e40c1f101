import { processMetrics } from '../runtime/process-metrics.ts';
import type { MetricFamily } from '../runtime/prometheus-text.ts';
import type { ExchangeLimit } from './exchange-limit.ts';

/** What the gateway tells of itself; in a control plane its process is that of master, marathon and packages as well. */
export const ownMetrics = (
  { version, clusterName }: { version: string; clusterName: string },
  { count }: Pick<ExchangeLimit, 'count'>,
): MetricFamily[] => [
  {
    name: 'plenum_info',
    type: 'gauge',
    help: 'Which cluster this is, and what it runs on',
    samples: [{ labels: { version, cluster: clusterName }, value: 1 }],
  },
  {
    name: 'plenum_gateway_requests',
    type: 'gauge',
    help: 'Requests that are being served',
    samples: [{ labels: {}, value: count }],
  },
  ...processMetrics(),
];
