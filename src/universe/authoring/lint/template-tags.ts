/** A tag of a template that names a value. */
export interface TemplateTag {
  readonly name: string;
  /** `#` and `^` begin sections, `/` ends one; values have none. */
  readonly kind: '' | '#' | '^' | '/';
  /** Offset of the tag in the template. */
  readonly offset: number;
  /** Names of the sections that it stands in, the outermost first. */
  readonly sections: readonly string[];
}

const TAG = /\{\{(\{[^}]*\}|[^{}][^}]*)\}\}/g;

/**
 * The tags of a template that can be parsed; of one that changes its delimiters none. Their places are what messages need; rendering has
 * a parser of its own.
 */
export const templateTags = (template: string): readonly TemplateTag[] => {
  if (template.includes('{{=')) return [];
  const sections: string[] = [];
  return [...template.matchAll(TAG)].flatMap(({ 1: command = '', index: offset }): TemplateTag[] => {
    const mark = command.charAt(0);
    if (mark === '!' || mark === '=') return [];
    const name = command
      .replace(/^[#^/&{]/, '')
      .replace(/\}$/, '')
      .trim();
    if (mark === '#' || mark === '^') {
      const tag: TemplateTag = { name, kind: mark, offset, sections: [...sections] };
      sections.push(name);
      return [tag];
    }
    if (mark === '/') sections.pop();
    return [{ name, kind: mark === '/' ? '/' : '', offset, sections: [...sections] }];
  });
};
