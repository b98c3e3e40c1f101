import type { LockedAsset, LockedPackage } from './lock-file.ts';

/** What of a package is not as it was locked, a line each; none when it may be installed. */
export const lockDifferences = (locked: LockedPackage, found: LockedPackage): string[] => [
  ...difference('version', locked.version, found.version),
  ...sourceDifference(locked.source, found.source),
  ...difference('definition', locked.definition, found.definition),
  ...namesOf(locked, found).flatMap((name) => assetDifferences(name, locked, found)),
];

/** Folders lie elsewhere on every machine, the bundled universe too: of them only what they hold counts. */
const sourceDifference = (locked: string | undefined, found: string | undefined): string[] =>
  isShared(locked) && isShared(found) ? difference('source', locked, found) : [];

const isShared = (source: string | undefined): boolean =>
  source !== undefined && !/^(?:file:|[/.])/.test(source);

const keyOf = ({ kind, name }: LockedAsset): string => `${kind} ${name}`;

const namesOf = (...packages: readonly LockedPackage[]): string[] => [
  ...new Set(packages.flatMap(({ assets }) => assets.map(keyOf))),
];

const assetDifferences = (key: string, locked: LockedPackage, found: LockedPackage): string[] => {
  const [before, now] = [locked, found].map(({ assets }) => assets.find((asset) => keyOf(asset) === key));
  return [
    ...difference(`${key}: location`, before?.location, now?.location),
    ...difference(`${key}: hash`, before?.hash, now?.hash),
  ];
};

const difference = (what: string, locked: string | undefined, found: string | undefined): string[] =>
  locked === found ? [] : [`${what}: locked ${locked ?? 'none'}, found ${found ?? 'none'}`];
