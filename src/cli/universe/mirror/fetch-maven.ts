import { copyFile, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FetchBounds } from './fetch-file.ts';
import { packFolder } from './pack-folder.ts';
import { runClient } from './run-client.ts';

/** Coordinates become parts of an XML file: nothing that means something there. */
const COORDINATE = /^[A-Za-z0-9_][A-Za-z0-9_.+-]*$/;
const PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin';

/**
 * Resolves `maven:group:artifact:version[?transitive][&classifier=…][&type=…]` with the user's mvn: one file, or an archive
 * of all files that it needs at run time.
 */
export const fetchMaven = async (
  address: string,
  target: string,
  { signal, limitBytes }: FetchBounds,
): Promise<{ fileName: string }> => {
  const [coordinates = '', query = ''] = address.slice('maven:'.length).split('?');
  const parameters = new URLSearchParams(query);
  const [group = '', artifact = '', version = ''] = coordinates.split(':');
  const type = parameters.get('type') ?? 'jar';
  const classifier = parameters.get('classifier') ?? undefined;
  const isTransitive = parameters.has('transitive') && parameters.get('transitive') !== 'false';
  if (![group, artifact, version, type, classifier ?? 'x'].every((part) => COORDINATE.test(part))) {
    throw new Error('it is no Maven coordinate');
  }
  const folder = await mkdtemp(join(tmpdir(), 'plenum-maven-'));
  try {
    const files = join(folder, 'files');
    await mkdir(files);
    await writeFile(
      join(folder, 'pom.xml'),
      projectFile({ group, artifact, version, type, classifier, isTransitive }),
    );
    const scope = ['-DincludeScope=runtime', `-DoutputDirectory=${files}`];
    await runClient(
      'mvn',
      ['-B', '-q', '-f', join(folder, 'pom.xml'), `${PLUGIN}:copy-dependencies`, ...scope],
      signal,
    );
    const names = await readdir(files);
    const sizes = await Promise.all(names.map(async (name) => (await stat(join(files, name))).size));
    if (sizes.reduce((sum, size) => sum + size, 0) > limitBytes)
      throw new Error(`it is larger than ${limitBytes} bytes`);
    if (isTransitive) {
      await packFolder(files, target);
      return { fileName: `${artifact}-${version}.tar.gz` };
    }
    const [name, ...others] = names;
    if (name === undefined || others.length > 0)
      throw new Error(`mvn gave ${names.length} files in place of one`);
    await copyFile(join(files, name), target);
    return { fileName: name };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

interface Coordinates {
  readonly group: string;
  readonly artifact: string;
  readonly version: string;
  readonly type: string;
  readonly classifier: string | undefined;
  readonly isTransitive: boolean;
}

/** A project that depends on the artifact; unless all is wanted, on nothing else. */
const projectFile = ({ group, artifact, version, type, classifier, isTransitive }: Coordinates): string => {
  const alone =
    '<exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>';
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>plenum</groupId><artifactId>mirror</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies><dependency>
    <groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version>
    <type>${type}</type>${classifier === undefined ? '' : `<classifier>${classifier}</classifier>`}
    ${isTransitive ? '' : alone}
  </dependency></dependencies>
</project>
`;
};
