import { stringifyJson } from '../../universe/json/stringify-json.ts';
import type { OptionNode } from '../../universe/options/option-tree.ts';
import type { Paint } from '../output/paint.ts';
import { optionRules, optionType } from './option-rules.ts';

const INDENT = '  ';
const SHORTEST_LINE = 40;
const LONGEST_DEFAULT = 200;

/**
 * The options of a package as a tree for people: a line with name, type, default and rules, below it what the package says
 * about it, wrapped to the window.
 */
export const optionLines = (
  nodes: readonly OptionNode[],
  { columns, paint }: { readonly columns: number; readonly paint: Paint },
  indent = '',
): string[] =>
  nodes.flatMap((node) => {
    const { name, children, description = '' } = node;
    const inner = `${indent}${INDENT}`;
    const facts = factsOf(node);
    const heading = `${indent}${paint.heading(printable(name))}${facts === '' ? '' : `  ${facts}`}`;
    const words = wrapped(printable(description), columns - inner.length - INDENT.length);
    return [
      heading,
      ...words.map((line) => paint.faint(`${inner}${INDENT}${line}`)),
      ...optionLines(children, { columns, paint }, inner),
    ];
  });

/** `string = "hdfs", required, at most 20 characters`. */
const factsOf = ({ types, schema, isRequired, children, default: value }: OptionNode): string => {
  const isSection = children.length > 0;
  const type = isSection ? '' : optionType(types, schema) || 'any';
  const usual = isSection || value === undefined ? '' : ` = ${shortened(stringifyJson(value))}`;
  const facts = [
    `${type}${usual}`,
    ...(isRequired && value === undefined ? ['required'] : []),
    ...(isSection ? [] : optionRules(schema)),
  ];
  return printable(facts.filter((fact) => fact !== '').join(', '));
};

const shortened = (text: string): string =>
  text.length <= LONGEST_DEFAULT ? text : `${text.slice(0, LONGEST_DEFAULT)}…`;

/** What came from a package must not steer the terminal, nor break the line. */
const printable = (text: string): string => text.replace(/\p{Cc}+/gu, ' ').trim();

const wrapped = (text: string, width: number): string[] => {
  const limit = Math.max(width, SHORTEST_LINE);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    if (line !== '' && line.length + 1 + word.length > limit) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, line];
};
