/**
 * A package's own files are wrong (schema, template, metadata), as opposed to what its user asked for. The message is a
 * sentence that says what and where.
 */
export class PackageDefect extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = 'PackageDefect';
  }
}
