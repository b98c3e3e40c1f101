/** How an agent gets its images, by Mesos' names of flags (mesos.md B.2). */
export interface ImageOptions {
  /** A URL, or a folder with files of images. */
  dockerRegistry?: string;
  /** A docker config.json: its path, or itself. */
  dockerConfig?: string;
  /** Below the work folder unless told otherwise; one agent's alone. */
  dockerStoreDir?: string;
  /** JSON, as in Mesos. */
  imageGcConfig?: string;
  imageProvisionerBackend?: string;
  /** Registries, HOST or HOST:PORT, that may be asked without TLS. */
  insecureRegistries?: readonly string[];
}
