import { type Document, isMap, isPair, isScalar, Scalar, visit } from 'yaml';

/** A variable that has neither a value nor a default, and where it is asked for. */
export interface MissingVariable {
  readonly name: string;
  /** Offset in the text. */
  readonly offset: number;
}

const VARIABLE = /\$(\$?)\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

/**
 * Fills in ${NAME} and ${NAME:-default} in the values of a document, as compose files do; $${NAME} stays as ${NAME}.
 * Commands are left alone, because there the same words are the shell's. A plain value that is filled in is a number or
 * a boolean when it looks like one, so that `count: ${COUNT:-3}` is a number. Gives what is missing.
 */
export const substituteVariables = (
  document: Document,
  variables: Readonly<Record<string, string | undefined>>,
): MissingVariable[] => {
  const missing: MissingVariable[] = [];
  visit(document, {
    Scalar: (key, node, ancestors) => {
      if (key === 'key' || typeof node.value !== 'string' || !node.value.includes('${')) return;
      if (isCommand(ancestors.at(-1))) return;
      const filled = node.value.replace(
        VARIABLE,
        (whole, dollar: string, name: string, fallback?: string) => {
          if (dollar !== '') return whole.slice(1);
          // As in the shell, the default of `:-` stands for the empty value too.
          const value = variables[name] || fallback || (fallback === undefined ? variables[name] : '');
          if (value === undefined) missing.push({ name, offset: node.range?.[0] ?? 0 });
          return value ?? '';
        },
      );
      node.value = node.type === Scalar.PLAIN ? typed(filled) : filled;
    },
  });
  return missing;
};

const isCommand = (parent: unknown): boolean =>
  isPair(parent) && isScalar(parent.key) && parent.key.value === 'cmd' && !isMap(parent.value);

const typed = (text: string): unknown => {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?(0|[1-9]\d*)(\.\d+)?$/.test(text) ? Number(text) : text;
};
