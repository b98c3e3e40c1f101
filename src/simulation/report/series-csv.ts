import type { Series, Track } from './recorder.ts';

/**
 * The series as CSV, a value a line: `seconds,of,name,measure,value`. `of` is cluster, role or framework; measures are
 * agents, capacity.cpus, used.cpus, tasks, waiting, share, entitled, jain and the like.
 */
export const seriesCsv = (series: Series): string => {
  const lines = ['seconds,of,name,measure,value'];
  const add = (of: string, name: string, measure: string, values: readonly number[]): void => {
    values.forEach((value, index) => {
      lines.push([(series.atMs[index] ?? 0) / 1_000, of, quoted(name), measure, value].join(','));
    });
  };
  add('cluster', '', 'agents', series.agents);
  add('cluster', '', 'jain', series.jain);
  for (const [resource, values] of Object.entries(series.capacity)) {
    add('cluster', '', `capacity.${resource}`, values);
  }
  for (const [resource, values] of Object.entries(series.used))
    add('cluster', '', `used.${resource}`, values);
  const addTracks = (of: string, tracks: Readonly<Record<string, Track>>): void => {
    for (const [name, { tasks, waiting, share, entitled, used }] of Object.entries(tracks)) {
      add(of, name, 'tasks', tasks);
      add(of, name, 'waiting', waiting);
      add(of, name, 'share', share);
      add(of, name, 'entitled', entitled);
      for (const [resource, values] of Object.entries(used)) add(of, name, `used.${resource}`, values);
    }
  };
  addTracks('role', series.roles);
  addTracks('framework', series.frameworks);
  return `${lines.join('\n')}\n`;
};

const quoted = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
