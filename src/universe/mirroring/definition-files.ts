import { indentedJson } from '../authoring/indented-json.ts';
import { isMetadataField } from '../definition/definition-fields.ts';
import { type PackageDefinition, templateText } from '../definition/package-definition.ts';
import type { Json } from '../json/json.ts';

/** The files of a revision, by their names, that a definition was or could have been made of. */
export const definitionFiles = (definition: PackageDefinition): ReadonlyMap<string, string> => {
  const { config, resource, command } = definition;
  const metadata = Object.entries(definition).filter(([field]) =>
    isMetadataField(field as keyof PackageDefinition),
  );
  const files = new Map([['package.json', indentedJson(Object.fromEntries(metadata))]]);
  const parts = { 'config.json': config, 'resource.json': resource, 'command.json': command };
  for (const [name, part] of Object.entries(parts)) {
    if (part !== undefined) files.set(name, indentedJson(part as unknown as Json));
  }
  const template = templateText(definition);
  if (template !== undefined) files.set('marathon.json.mustache', template);
  return files;
};
