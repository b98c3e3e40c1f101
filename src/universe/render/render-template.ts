import { entryOf, type Json, type JsonObject } from '../json/json.ts';
import { lookUp } from './look-up.ts';
import { parseTemplate } from './parse-template.ts';
import { TemplateError, type TemplateNode } from './template.ts';
import { isList, printValue, type TemplateValue, toTemplateValue } from './template-value.ts';

/** A rendered app is far smaller; a template that makes more is hostile or broken. */
const LARGEST_OUTPUT_CHARACTERS = 4 * 1024 * 1024;
/**
 * Parts that are rendered at most, each counted for every scope that a name is sought in: sections over lists within
 * sections over lists multiply.
 */
const MOST_STEPS = 500_000;
/** Nothing else runs meanwhile. A real package takes a few milliseconds. */
const LONGEST_MS = 1_000;

/**
 * Renders a template with a context (reference 1.14): no HTML escapes, lists and numbers printed as the original does,
 * missing names printed as nothing. Throws TemplateError for a broken template and for one that makes too much.
 */
export const renderTemplate = (template: string, context: JsonObject): string => {
  const rendering = new Rendering(context);
  rendering.render(parseTemplate(template), [toTemplateValue(context)]);
  return rendering.output();
};

class Rendering {
  readonly #context: JsonObject;
  readonly #pieces: string[] = [];
  #size = 0;
  #steps = 0;
  readonly #end = performance.now() + LONGEST_MS;

  constructor(context: JsonObject) {
    this.#context = context;
  }

  output(): string {
    return this.#pieces.join('');
  }

  render(nodes: readonly TemplateNode[], scopes: readonly TemplateValue[]): void {
    for (const node of nodes) {
      this.#count(scopes.length);
      if (node.type === 'text') {
        this.#write(node.text);
      } else if (node.type === 'value') {
        const value = lookUp(node.name, scopes);
        if (value !== null) this.#write(printValue(value));
      } else {
        this.#renderSection(node, scopes);
      }
    }
  }

  #count(steps: number): void {
    this.#steps += steps;
    if (this.#steps > MOST_STEPS) throw new TemplateError('the template renders too many parts');
    if (performance.now() > this.#end)
      throw new TemplateError(`the template renders for longer than ${LONGEST_MS} ms`);
  }

  #renderSection(node: Extract<TemplateNode, { type: 'section' }>, scopes: readonly TemplateValue[]): void {
    if (node.name === 'asJson' && !node.isInverted) {
      this.#write(rawJson(entryOf(this.#context, node.source.trim())));
      return;
    }
    const value = lookUp(node.name, scopes);
    if (node.isInverted) {
      if (isFalse(value)) this.render(node.nodes, scopes);
    } else if (isList(value)) {
      for (const element of value) this.render(node.nodes, element === null ? scopes : [...scopes, element]);
    } else if (!isFalse(value)) {
      this.render(node.nodes, [...scopes, value]);
    }
  }

  #write(text: string): void {
    this.#size += text.length;
    if (this.#size > LARGEST_OUTPUT_CHARACTERS) {
      throw new TemplateError(`the rendered app is larger than ${LARGEST_OUTPUT_CHARACTERS} characters`);
    }
    this.#pieces.push(text);
  }
}

/** The value of a string option that holds JSON itself; `null` for anything else. */
const rawJson = (value: Json | undefined): string => (typeof value === 'string' ? value : 'null');

/** Zero and the empty object count as true: sections over them are shown. */
const isFalse = (value: TemplateValue): boolean =>
  value === null || value === false || value === '' || (isList(value) && value.length === 0);
