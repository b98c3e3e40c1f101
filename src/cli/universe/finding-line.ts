import { join, relative } from 'node:path';
import type { Finding } from '../../universe/authoring/lint/finding.ts';
import type { Paint } from '../output/paint.ts';

/** A finding as compilers write them, so that editors find the place: FILE:LINE:COLUMN: severity: message [rule]. */
export const findingLine = (
  finding: Finding,
  { packages, paint }: { packages: string; paint: Paint },
): string => {
  const { severity, rule, file, line, column, message } = finding;
  const path = relative(process.cwd(), join(packages, file)) || file;
  const style = severity === 'error' ? paint.bad : paint.busy;
  const text = message.replace(/\p{Cc}+/gu, ' ');
  return `${path}:${line}:${column}: ${style(severity)}: ${text} ${paint.faint(`[${rule}]`)}`;
};
