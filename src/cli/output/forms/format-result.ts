import { escapedJson } from '../plain-text.ts';
import { type Column, formatTable } from '../table.ts';
import type { Output } from '../terminal.ts';
import type { PathColumn, ResultForm } from './result-form.ts';

/** Makes the text of a result, an object of an API. */
export type ResultFormatter = (value: unknown) => string;

/** The forms that show the whole result, not the table of a command. */
export type WholeForm = Exclude<ResultForm, { readonly type: 'table' | 'wide' }>;

export const formatJson: ResultFormatter = (value) => `${escapedJson(JSON.stringify(value, undefined, 2))}\n`;

/** Loads what the form needs, and nothing else. Throws CliError for paths that cannot be. */
export const createResultFormatter = async (form: WholeForm, output: Output): Promise<ResultFormatter> => {
  switch (form.type) {
    case 'json':
      return formatJson;
    case 'name':
      return (value) =>
        rowsOf(value)
          .map((row) => `${nameOf(row)}\n`)
          .join('');
    case 'yaml': {
      const { stringify } = await import('yaml');
      return (value) => stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
    }
    case 'jsonpath': {
      const { parsePathTemplate } = await import('./json-path.ts');
      return parsePathTemplate(form.template);
    }
    case 'custom-columns':
      return createColumnsFormatter(form.columns, output);
  }
};

const createColumnsFormatter = async (
  columns: readonly PathColumn[],
  output: Output,
): Promise<ResultFormatter> => {
  const { parsePath, plainText } = await import('./json-path.ts');
  const shown = columns.map(({ heading, path }): Column<unknown> => {
    const query = parsePath(path);
    return { heading, value: (row) => query(row).map(plainText).join(',') || NOTHING };
  });
  return (value) => formatTable(shown, rowsOf(value), { output });
};

const NOTHING = '<none>';

/** The elements of an array, or of the only array that an object has, such as `{"clusters": […]}`; else the value alone. */
const rowsOf = (value: unknown): readonly unknown[] => {
  if (Array.isArray(value)) return value;
  if (typeof value !== 'object' || value === null) return [value];
  const fields: unknown[] = Object.values(value);
  const [only, ...others] = fields;
  return others.length === 0 && Array.isArray(only) ? only : [value];
};

const NAMES = ['id', 'appId', 'name', 'role', 'path', 'key'] as const;

const nameOf = (row: unknown): string => {
  if (typeof row !== 'object' || row === null) return String(row);
  const fields = row as Readonly<Record<string, unknown>>;
  const name = NAMES.map((field) => fields[field]).find((value) => typeof value === 'string');
  return name === undefined ? JSON.stringify(row) : String(name);
};
