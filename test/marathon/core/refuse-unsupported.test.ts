import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { refuseUnsupported } from '../../../src/marathon/core/refuse-unsupported.ts';
import type { Container } from '../../../src/marathon/definitions/container.ts';
import { ALL_FEATURES, acceptApp } from '../definitions/accept-app.ts';
import { acceptPod } from '../definitions/pods/accept-pod.ts';
import { appOf } from './app-of.ts';
import { podOf } from './pod-of.ts';

const folder = join(import.meta.dirname, '..', 'fixtures');
const named = (prefix: string) => readdirSync(folder).filter((name) => name.startsWith(prefix));
const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));

describe('what cannot be run is refused before it is kept:', () => {
  it('an id that is too long for the store', () => {
    const spec = podOf({ id: `/${'a'.repeat(1000)}` });
    expect(() => refuseUnsupported([spec])).toThrow(/must not be longer than \d+ bytes/);
  });

  it('what no task could be made of, were there a gap in the rules', () => {
    const volume = { containerPath: 'x', mode: 'RW', external: { provider: 'csi', options: {} } };
    const container = { type: 'MESOS', volumes: [volume] } as unknown as Container;
    expect(() => refuseUnsupported([appOf({ id: '/a', container })])).toThrow(
      /^nothing can be launched of it: /,
    );
    const containers = [{ name: 'one' }] as never;
    expect(() => refuseUnsupported([podOf({ id: '/p', containers })])).toThrow(
      /^nothing can be launched of it: /,
    );
  });

  it('but none of the examples', async () => {
    for (const name of named('app-')) refuseUnsupported([await acceptApp(read(name), ALL_FEATURES)]);
    for (const name of named('pod-')) refuseUnsupported([await acceptPod(read(name), ALL_FEATURES)]);
  });
});
