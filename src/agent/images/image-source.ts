import type { Readable } from 'node:stream';
import type { ImageDocument } from './image-document.ts';

/** An image that was found somewhere, and whose layers can be had. */
export interface FoundImage {
  /** Of its manifest, or of what stands for one. */
  readonly digest: string;
  readonly document: ImageDocument;
  /** Hands on a layer as it is packed, the lowest is 0. What it needs meanwhile on the disk goes to `scratch`. */
  withLayer(
    index: number,
    options: { scratch: string; signal: AbortSignal },
    use: (source: Readable) => Promise<void>,
  ): Promise<void>;
  close(): Promise<void>;
}
