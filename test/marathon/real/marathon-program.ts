import { readMarathonFlags } from '../../../src/marathon/marathon-flags.ts';
import { startMarathon } from '../../../src/marathon/server.ts';
import { systemClock } from '../../../src/runtime/clock.ts';
import { silentLog } from '../../../src/runtime/log.ts';
import { systemRandom } from '../../../src/runtime/random.ts';
import { openStore } from '../../../src/store/lmdb-store.ts';

/** Marathon as a process of its own, to be killed: MASTER WORK_DIR ROLE. Says its URL once the master has taken it. */
const [, , master = '', folder = '', role = ''] = process.argv;

const main = async (): Promise<void> => {
  const { url } = await startMarathon({
    masterUrls: [master],
    store: openStore(folder).within('marathon'),
    clock: systemClock,
    random: systemRandom,
    log: silentLog,
    version: '1.11.0',
    secretsFolder: `${folder}/secrets`,
    flags: readMarathonFlags({ mesos_role: role, enable_features: 'secrets' }),
  });
  console.log(url);
};

void main();
