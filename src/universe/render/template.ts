/** A part of a parsed template. */
export type TemplateNode =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'value'; readonly name: string }
  | {
      readonly type: 'section';
      readonly name: string;
      readonly isInverted: boolean;
      readonly nodes: readonly TemplateNode[];
      /** The text between the tags as it was written. */
      readonly source: string;
    };

/** A template cannot be parsed or rendered; the message ends with the line where that is known. */
export class TemplateError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TemplateError';
  }
}
