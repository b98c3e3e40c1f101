import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What `plenum help GUIDE` tells about, by its name. */
export const GUIDES: Readonly<Record<string, string>> = {
  'getting-started': 'The first ten minutes',
  apps: 'Running and changing apps, and finding out why they do not start',
  packages: 'Installing services, and where packages come from',
  'private-universe': 'A universe of your own: packages, tests, serving them',
  clusters: 'Which cluster commands are about, trust and logins',
  permissions: 'Who may do what: ACLs for operators, frameworks and people who run commands in tasks',
  ci: 'A cluster in a pipeline: start, deploy, test, collect, tear down',
  'writing-a-framework': 'Schedulers of your own, with and without a program',
  output: 'How results are printed',
  environment: 'Variables that steer commands',
  'exit-codes': 'How commands tell scripts how they ended',
};

/** The text of a guide. It lies beside this file, as in dist/. Throws the system's error for one that there is not. */
export const guideText = (name: string): string =>
  readFileSync(join(dirname(fileURLToPath(import.meta.url)), 'guides', `${name}.txt`), 'utf8');
