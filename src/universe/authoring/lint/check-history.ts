import { entryOf } from '../../json/json.ts';
import { type AuthoredRevision, objectOf } from '../authored-revision.ts';
import { type Finding, reportInto } from './finding.ts';

/** What can only be seen when all revisions of a package are looked at (reference 3.2, survey 2). */
export const checkHistory = (revisions: readonly AuthoredRevision[], findings: Finding[]): void => {
  const byVersion = new Map<string, AuthoredRevision>();
  const versions = new Set(revisions.map(versionOf));
  for (const revision of revisions) {
    const report = reportInto(findings, revision);
    const version = versionOf(revision);
    const earlier = byVersion.get(version);
    if (earlier && version !== '') {
      const message = `revision ${earlier.revision} has version ${version} too: only the higher revision can be installed`;
      report.warning('version-reused', 'package.json', { pointer: '/version' }, message);
    }
    byVersion.set(version, revision);
    for (const field of ['upgradesFrom', 'downgradesTo']) {
      const named = entryOf(objectOf(revision, 'package.json') ?? {}, field);
      for (const [index, other] of (Array.isArray(named) ? named : []).entries()) {
        if (other === '*' || versions.has(String(other))) continue;
        const message = `no revision of ${revision.name} has version ${String(other)}`;
        report.warning('unknown-version', 'package.json', { pointer: `/${field}/${index}` }, message);
      }
    }
  }
};

const versionOf = (revision: AuthoredRevision): string => {
  const version = entryOf(objectOf(revision, 'package.json') ?? {}, 'version');
  return typeof version === 'string' ? version : '';
};
