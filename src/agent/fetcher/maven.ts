import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { type Clock, pause } from '../../runtime/clock.ts';
import { tryLock } from '../processes/lock-file.ts';
import { ResolvedArtifacts } from './resolved-artifacts.ts';
import { runTool } from './run-tool.ts';
import type { Source } from './uri.ts';

type Coordinates = Extract<Source, { type: 'maven' }>;

const DEPENDENCY_PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin';
const MAX_REMEMBERED = 200;
const LOCK_FILE = join(tmpdir(), `plenum-maven-${userInfo().uid}.lock`);
const LOCK_LOOK_MS = 200;

/**
 * Resolves Maven coordinates with the user's own mvn, and with it the user's mirrors, credentials and local repository.
 * What the local repository has already costs no network. Everybody who asks for the same coordinates at the same time
 * waits for one run, and runs follow one another, those of other agents of this user included, as a local repository
 * likes one writer.
 */
export class MavenResolver {
  readonly #scratchFolder: string;
  readonly #clock: Clock;
  readonly #resolved = new Map<string, Promise<string[]>>();
  readonly #artifacts = new ResolvedArtifacts();
  #last: Promise<unknown> = Promise.resolve();

  constructor(scratchFolder: string, clock: Clock) {
    this.#scratchFolder = scratchFolder;
    this.#clock = clock;
  }

  /** Paths of the artifact's file, and with `isTransitive` of everything it needs at run time, in the local repository. */
  resolve(coordinates: Coordinates): Promise<string[]> {
    const key = JSON.stringify(coordinates);
    const known = this.#resolved.get(key);
    if (known) return known;
    const run = this.#last.then(() => this.#run(coordinates));
    this.#last = run.catch(() => undefined);
    this.#resolved.set(key, run);
    run.catch(() => this.#resolved.delete(key));
    for (const oldest of this.#resolved.keys()) {
      if (this.#resolved.size <= MAX_REMEMBERED) break;
      this.#resolved.delete(oldest);
    }
    return run;
  }

  /** Forgets an answer, because a file of it has gone from the local repository. */
  forget(coordinates: Coordinates): void {
    this.#resolved.delete(JSON.stringify(coordinates));
  }

  async #run(coordinates: Coordinates): Promise<string[]> {
    const key = JSON.stringify(coordinates);
    const recall = (): Promise<string[] | undefined> => this.#artifacts.recall(coordinates.version, key);
    const recalled = await recall();
    if (recalled) return recalled;
    const unlock = await this.#lock();
    try {
      // Another agent may have found out while this one waited for its turn.
      const files = (await recall()) ?? (await this.#resolveAlone(coordinates));
      await this.#artifacts.remember(coordinates.version, key, files);
      return files;
    } finally {
      unlock();
    }
  }

  async #lock(): Promise<() => void> {
    for (;;) {
      const result = tryLock(LOCK_FILE);
      if (result.type === 'locked') return result.unlock;
      await pause(this.#clock, LOCK_LOOK_MS);
    }
  }

  async #resolveAlone(coordinates: Coordinates): Promise<string[]> {
    await mkdir(this.#scratchFolder, { recursive: true });
    const folder = await mkdtemp(join(this.#scratchFolder, 'maven-'));
    try {
      await writeFile(join(folder, 'pom.xml'), projectFile(coordinates));
      const list = join(folder, 'files');
      const goal = [
        '--batch-mode',
        '--quiet',
        '--file',
        join(folder, 'pom.xml'),
        `${DEPENDENCY_PLUGIN}:build-classpath`,
        '-DincludeScope=runtime',
        `-Dmdep.outputFile=${list}`,
      ];
      const hint = 'install Apache Maven to fetch maven: URIs';
      await runTool('mvn', ['--offline', ...goal], { hint }).catch(() => runTool('mvn', goal, { hint }));
      return (await readFile(list, 'utf8'))
        .trim()
        .split(delimiter)
        .filter((path) => path !== '');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/** A project that depends on the artifact; without `isTransitive` on nothing else. */
const projectFile = (coordinates: Coordinates): string => {
  const { group, artifact, version, classifier, packaging, isTransitive } = coordinates;
  const exclusions = isTransitive
    ? ''
    : '<exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>';
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>plenum</groupId><artifactId>fetch</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies><dependency>
    <groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version>
    <type>${packaging}</type>${classifier === undefined ? '' : `<classifier>${classifier}</classifier>`}
    ${exclusions}
  </dependency></dependencies>
</project>
`;
};

/**
 * Copies resolved files into a folder. Two artifacts of different groups may share a file name; the later one then gets
 * a number, so that neither is lost.
 */
export const copyInto = async (files: readonly string[], folder: string): Promise<void> => {
  await mkdir(folder, { recursive: true });
  const taken = new Set<string>();
  for (const file of files) {
    let name = basename(file);
    for (let number = 2; taken.has(name); number++) name = `${number}-${basename(file)}`;
    taken.add(name);
    await copyFile(file, join(folder, name));
  }
};
