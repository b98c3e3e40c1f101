/** How large an image may be, so that a hostile one cannot fill the disk or the memory. */
export interface ImageLimits {
  /** Of a manifest, an index or a configuration. */
  readonly documentBytes: number;
  /** Of one layer, as it is downloaded. */
  readonly blobBytes: number;
  /** Of one layer, unpacked. */
  readonly layerBytes: number;
  readonly layerEntries: number;
  readonly layers: number;
  /** How deep folders of a layer may lie in each other. */
  readonly depth: number;
  /** A transfer that brings less than this in `stallMs` is broken off. */
  readonly stallBytes: number;
  readonly stallMs: number;
  /** Until an answer begins, and of a whole small one. */
  readonly answerMs: number;
  /** Transfers that broke and are taken up again, each in a row that brought nothing. */
  readonly attempts: number;
  readonly retryMs: number;
  readonly redirects: number;
}

export const DEFAULT_LIMITS: ImageLimits = {
  documentBytes: 4 * 1024 ** 2,
  blobBytes: 16 * 1024 ** 3,
  layerBytes: 32 * 1024 ** 3,
  layerEntries: 2_000_000,
  layers: 127,
  depth: 255,
  stallBytes: 4 * 1024,
  stallMs: 60_000,
  answerMs: 30_000,
  attempts: 5,
  retryMs: 500,
  redirects: 5,
};
