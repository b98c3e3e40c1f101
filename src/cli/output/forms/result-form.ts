import { CliError } from '../../errors/cli-error.ts';

/** How a result is printed. */
export type ResultForm =
  | { readonly type: 'table' }
  /** A table with all its columns. */
  | { readonly type: 'wide' }
  /** Ids or names, one a line. */
  | { readonly type: 'name' }
  | { readonly type: 'json' }
  | { readonly type: 'yaml' }
  /** A path, or a text with paths in braces. */
  | { readonly type: 'jsonpath'; readonly template: string }
  /** `HEADING:path`, by commas. */
  | { readonly type: 'custom-columns'; readonly columns: readonly PathColumn[] };

export interface PathColumn {
  readonly heading: string;
  readonly path: string;
}

export const FORMS_TEXT = 'table, wide, name, json, yaml, jsonpath=PATH or custom-columns=HEADING:PATH,…';

/** What --output says. Throws CliError. */
export const parseResultForm = (text: string): ResultForm => {
  const [, type = '', argument] = /^([a-z-]+)(?:=(.*))?$/s.exec(text) ?? [];
  switch (type) {
    case 'table':
    case 'wide':
    case 'name':
    case 'json':
    case 'yaml':
      if (argument === undefined) return { type };
      break;
    case 'jsonpath':
      if (argument) return { type, template: argument };
      break;
    case 'custom-columns':
      if (argument) return { type, columns: argument.split(/,(?![^[(]*[\])])/).map(parseColumn) };
      break;
  }
  throw new CliError('usage', `Nothing can be printed as "${text}"`, { hint: `Use ${FORMS_TEXT}` });
};

const parseColumn = (text: string): PathColumn => {
  const [, heading = '', path = ''] = /^([^:]+):(.+)$/s.exec(text) ?? [];
  if (heading !== '') return { heading, path };
  throw new CliError('usage', `"${text}" is no column`, { hint: 'Such as STATE:.state' });
};
