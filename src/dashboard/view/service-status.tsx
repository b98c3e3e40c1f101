import type { ServiceStatus } from '../model/services.ts';
import { Status, type Tone } from './status.tsx';

const TONES: Readonly<Record<ServiceStatus, Tone>> = {
  Unavailable: 'bad',
  Degraded: 'bad',
  Waiting: 'busy',
  Deploying: 'busy',
  Stopped: 'quiet',
  Running: 'good',
};

/** How a service is doing, and why, where that is known. */
export const ServiceStatusText = ({ status, reason = '' }: { status: ServiceStatus; reason?: string }) => (
  <>
    <Status tone={TONES[status]} title={reason}>
      {status}
    </Status>
    {reason === '' ? null : (
      <span class="dim reason" title={reason}>
        {reason}
      </span>
    )}
  </>
);
