import { ImageError, quoteStranger } from '../../registry/image-error.ts';
import type { IndexEntry } from '../../registry/manifest.ts';

/** Names of processors in images, by Node's names. */
const ARCHITECTURES: Readonly<Record<string, string>> = {
  x64: 'amd64',
  ia32: '386',
  arm64: 'arm64',
  arm: 'arm',
  ppc64: 'ppc64le',
  s390x: 's390x',
  riscv64: 'riscv64',
  loong64: 'loong64',
};

/** Variants in the order in which this machine likes them; one without a variant is as good as the first. */
const VARIANTS: Readonly<Record<string, readonly string[]>> = {
  arm64: ['v8'],
  arm: ['v7', 'v6', 'v5'],
};

/** Chooses the image of an index that runs on Linux on this processor. Throws ImageError with what there is instead. */
export const choosePlatform = (
  entries: readonly IndexEntry[],
  processArchitecture: string = process.arch,
): IndexEntry => {
  const wanted = ARCHITECTURES[processArchitecture] ?? processArchitecture;
  const [only] = entries;
  // What a single build writes may say nothing about where it runs.
  if (only && entries.length === 1 && only.architecture === undefined) return only;
  const fitting = entries.filter(({ os, architecture }) => os === 'linux' && architecture === wanted);
  const variants = VARIANTS[wanted] ?? [];
  const rank = ({ variant }: IndexEntry): number => {
    if (variant === undefined) return 0;
    const index = variants.indexOf(variant);
    return index === -1 ? Number.POSITIVE_INFINITY : index;
  };
  const [best] = [...fitting].sort((a, b) => rank(a) - rank(b));
  if (best) return best;
  const offered = entries
    .filter(({ os }) => os !== undefined && os !== 'unknown')
    .map(({ os, architecture, variant }) => [os, architecture, variant].filter((part) => part).join('/'));
  throw new ImageError(
    `The image is not built for linux/${wanted}, but for ${quoteStranger(offered.join(', ')) || 'nothing'}`,
  );
};
