import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { onTestEnd, temporaryFolder } from '../test-agent.ts';

/** A volume driver named `test`, whose volumes are folders. */
export interface VolumePlugin {
  /** Where its socket lies, for the agent's flag. */
  readonly sockets: string;
  /** Where its volumes lie. */
  readonly folder: string;
  /** What it was told, as `Mount data`, in order; with options where there are some. */
  readonly calls: string[];
  /** Answers of its own, by call, such as `{ Mount: '{"Err":"no"}' }`; an empty one never comes. */
  readonly answers: Map<string, string>;
}

export const startVolumePlugin = async (): Promise<VolumePlugin> => {
  const [sockets, folder] = [await temporaryFolder(), await temporaryFolder()];
  const plugin: VolumePlugin = { sockets, folder, calls: [], answers: new Map() };
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const part of request) text += part;
    const { Name, Opts = {} } = JSON.parse(text || '{}');
    const call = request.url?.replace('/VolumeDriver.', '') ?? '';
    const options = Object.keys(Opts).length === 0 ? '' : ` ${JSON.stringify(Opts)}`;
    plugin.calls.push(`${call} ${Name}${options}`);
    const own = plugin.answers.get(call);
    if (own === '') return;
    const mountpoint = join(folder, Name);
    if (call === 'Mount') mkdirSync(mountpoint, { recursive: true });
    response.end(own ?? JSON.stringify({ Err: '', ...(call === 'Mount' ? { Mountpoint: mountpoint } : {}) }));
  });
  await new Promise<void>((resolve) => server.listen(join(sockets, 'test.sock'), resolve));
  onTestEnd(async () => {
    server.closeAllConnections();
    server.close();
  });
  return plugin;
};
