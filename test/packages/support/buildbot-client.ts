import { waitFor } from '../../support/wait-for.ts';
import { EVENTUALLY } from './package-cluster.ts';

/** A build as Buildbot tells of it (its REST API, version 2): 0 of `results` is success, 2 is failure. */
export interface Build {
  readonly buildid: number;
  readonly number: number;
  readonly complete: boolean;
  readonly results: number | null;
}

/** Speaks to the page of a Buildbot, as somebody who has logged in where there is a password. */
export interface BuildbotClient {
  /** Names of the jobs that can be run, but for Buildbot's own. */
  jobs(): Promise<string[]>;
  /** Starts a job by its scheduler; rejects with Buildbot's words when it refuses. */
  start(job: string, parameters?: Record<string, string>): Promise<void>;
  /** The latest builds of a job, the last one first. */
  builds(job: string): Promise<Build[]>;
  /** The build of that number, once it has ended. */
  untilEnded(job: string, number: number): Promise<Build>;
  /** What the script of a build printed. */
  output(job: string, number: number): Promise<string>;
}

export const connectBuildbot = async (page: string, login?: string): Promise<BuildbotClient> => {
  const cookie = login === undefined ? '' : await logIn(page, login);
  const get = async (path: string): Promise<unknown> => {
    const response = await fetch(`${page}api/v2/${path}`, { headers: { cookie } });
    if (!response.ok) throw new Error(`${path} is answered with ${response.status}`);
    return response.json();
  };
  const builds = async (job: string): Promise<Build[]> => {
    const answer = (await get(`builders/${job}/builds?order=-number&limit=20`)) as { builds: Build[] };
    return answer.builds;
  };
  return {
    builds,
    jobs: async () => {
      const { builders } = (await get('builders')) as { builders: { name: string; masterids: number[] }[] };
      return builders
        .filter(({ name, masterids }) => masterids.length > 0 && !name.startsWith('__'))
        .map(({ name }) => name)
        .sort();
    },
    start: async (job, parameters = {}) => {
      const { builderid } = ((await get(`builders/${job}`)) as { builders: [{ builderid: number }] })
        .builders[0];
      const response = await fetch(`${page}api/v2/forceschedulers/force-${job}`, {
        method: 'POST',
        headers: { cookie, 'Content-Type': 'application/json' },
        body: JSON.stringify({
          jsonrpc: '2.0',
          id: 1,
          method: 'force',
          params: { builderid, ...parameters },
        }),
      });
      if (!response.ok) throw new Error(`${job} is not started: ${await response.text()}`);
    },
    untilEnded: (job, number) =>
      waitFor(
        `build ${number} of ${job} has ended`,
        async () => (await builds(job)).find((build) => build.number === number && build.complete),
        EVENTUALLY,
      ),
    output: async (job, number) => {
      const build = (await builds(job)).find((one) => one.number === number);
      const path = `builds/${build?.buildid}/steps/script/logs/stdio/raw_inline`;
      const response = await fetch(`${page}api/v2/${path}`, { headers: { cookie } });
      if (!response.ok) throw new Error(`${path} is answered with ${response.status}`);
      return response.text();
    },
  };
};

/** `USER:PASSWORD` for the cookie of a session. */
const logIn = async (page: string, login: string): Promise<string> => {
  const headers = { Authorization: `Basic ${Buffer.from(login).toString('base64')}` };
  const response = await fetch(`${page}auth/login`, { headers, redirect: 'manual' });
  if (response.status >= 400) throw new Error(`Buildbot refuses the login with ${response.status}`);
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
};
