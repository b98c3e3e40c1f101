/** An image cannot be had, for a reason that trying again does not change; the message is for people. */
export class ImageError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ImageError';
  }
}

const SHOWN_LENGTH = 300;

/** What a stranger said, fit for a message: one line, bounded, nothing that a terminal would obey. */
export const quoteStranger = (text: string): string =>
  text
    .replace(/[^\x21-\x7e\u00a1-\uffff]+/g, ' ')
    .trim()
    .slice(0, SHOWN_LENGTH);
