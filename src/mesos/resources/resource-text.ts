import type { Label, Resource, ResourceDiskInfo } from '../generated/mesos.ts';
import { rangesText } from './summary.ts';

/** Resources as Mesos writes them in messages to people: `cpus(allocated: eng):2; mem(reservations: [(DYNAMIC,eng)]):64`. */
export const resourcesText = (resources: readonly Resource[]): string =>
  resources.length === 0 ? '{}' : resources.map(resourceText).join('; ');

/** One resource in the same form. */
export const resourceText = (resource: Resource): string => {
  const { name, allocation_info, reservations = [], disk, revocable, shared } = resource;
  return [
    name,
    allocation_info?.role === undefined ? '' : `(allocated: ${allocation_info.role})`,
    reservations.length === 0 ? '' : `(reservations: [${reservations.map(reservationText).join(',')}])`,
    disk === undefined ? '' : `[${diskText(disk)}]`,
    revocable === undefined ? '' : '{REV}',
    shared === undefined ? '' : '<SHARED>',
    `:${valueText(resource)}`,
  ].join('');
};

type Reservation = NonNullable<Resource['reservations']>[number];

const reservationText = ({ type, role, principal, labels }: Reservation): string => {
  const parts = [type ?? '', role ?? ''];
  if (principal !== undefined) parts.push(principal);
  if (labels !== undefined) parts.push(`{${(labels.labels ?? []).map(labelText).join(', ')}}`);
  return `(${parts.join(',')})`;
};

const labelText = ({ key, value }: Label): string => (value === undefined ? key : `${key}: ${value}`);

const diskText = ({ source, persistence, volume }: ResourceDiskInfo): string => {
  const place = source === undefined ? '' : sourceText(source);
  const mount = volume === undefined ? '' : `:${volume.container_path}${volume.mode === 'RO' ? ':ro' : ''}`;
  return [place, `${persistence?.id ?? ''}${mount}`].filter((part) => part !== '').join(',');
};

const sourceText = ({ type, path, mount }: NonNullable<ResourceDiskInfo['source']>): string => {
  const root = path?.root ?? mount?.root;
  return root === undefined ? type : `${type}:${root}`;
};

const valueText = ({ name, type, scalar, ranges, set }: Resource): string => {
  if (type === 'RANGES') return rangesText([{ name, type, ranges: ranges ?? {} }], name);
  return type === 'SET' ? `{${(set?.item ?? []).join(', ')}}` : String(scalar?.value ?? 0);
};
