import { percent } from '../model/history.ts';
import type { Role } from '../model/mesos.ts';
import { formatCpus, formatMebibytes } from './format.ts';

interface QuotaCellProps {
  readonly role: Role;
  readonly resource: 'cpus' | 'mem' | 'disk' | 'gpus';
}

/** What a role has of one resource, out of what it may have; and what it is guaranteed. */
export const QuotaCell = ({ role: { quota, allocated }, resource }: QuotaCellProps) => {
  const format = resource === 'mem' || resource === 'disk' ? formatMebibytes : formatCpus;
  const used = quota?.consumed?.[resource] ?? allocated?.[resource] ?? 0;
  const guarantee = quota?.guarantee?.[resource];
  const limit = quota?.limit?.[resource];
  if (used === 0 && guarantee === undefined && limit === undefined) return null;
  const share = limit === undefined ? undefined : percent(used, limit);
  return (
    <div class="bar">
      {share === undefined ? null : (
        <div class="bar-track">
          <div class={share > 90 ? 'bar-fill is-full' : 'bar-fill'} style={{ width: `${share}%` }} />
        </div>
      )}
      <span class="bar-label">
        {format(used)} used
        {guarantee === undefined ? '' : `, ${format(guarantee)} guaranteed`}
        {limit === undefined ? '' : `, at most ${format(limit)}`}
      </span>
    </div>
  );
};
