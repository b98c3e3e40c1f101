import { toAscii } from '../authoring/indented-json.ts';
import {
  compactJson,
  type JsonDocument,
  type JsonMember,
  type JsonNode,
  readJsonDocument,
} from '../authoring/json-tree.ts';

/** What packaging 4.0 has and 3.0 has not. */
const SINCE_4 = new Set(['upgradesFrom', 'downgradesTo']);

/**
 * A built package for clusters before 1.10, which know packaging up to 3.0 and whose renderer put strings into templates
 * as they were: quotation marks in defaults and descriptions of options are escaped once more (reference 1.10).
 */
export const downgradeToV3 = (json: string): string => {
  const document = readJsonDocument(json);
  const members = topMembers(document, (key, isNewer) => isNewer && SINCE_4.has(key));
  return toAscii(
    printMembers(document, members, { config: (node) => escapedConfig(document, node), packaging: '3.0' }),
  );
};

/** A package of packaging 5.0 that nothing else manages, for clusters of 1.10 and 1.11. */
export const downgradeToV4 = (json: string): string => {
  const document = readJsonDocument(json);
  return printMembers(
    document,
    topMembers(document, () => false),
    { packaging: '4.0' },
  );
};

const topMembers = (
  document: JsonDocument,
  isDropped: (key: string, isNewer: boolean) => boolean,
): readonly JsonMember[] => {
  const members = document.root.members ?? [];
  const packaging = members.find(({ key }) => key === 'packagingVersion');
  const isNewer = packaging !== undefined && textOf(document, packaging.value) >= '4.0';
  return members.filter(({ key }) => !isDropped(key, isNewer));
};

const printMembers = (
  document: JsonDocument,
  members: readonly JsonMember[],
  { config, packaging }: { config?: (node: JsonNode) => string; packaging: string },
): string => {
  const print = ({ key, value }: JsonMember): string => {
    if (key === 'config' && config) return config(value);
    const isNewer = key === 'packagingVersion' && textOf(document, value) > packaging;
    return isNewer ? JSON.stringify(packaging) : document.text.slice(value.start, value.end);
  };
  return `{${members.map((member) => `${JSON.stringify(member.key)}:${print(member)}`).join(',')}}`;
};

const ESCAPED = new Set(['default', 'description']);

/** Only what stands below `properties` is looked into, through objects and not through lists. */
const escapedConfig = (document: JsonDocument, config: JsonNode): string => {
  const change = (member: JsonMember): string | undefined => {
    if (member.value.members) return compactJson(document, member.value, change);
    const isText = document.text[member.value.start] === '"';
    if (!isText || !ESCAPED.has(member.key)) return undefined;
    const escaped = textOf(document, member.value).replaceAll(/(?<!\\)"/g, '\\"');
    return JSON.stringify(escaped);
  };
  return compactJson(document, config, (member) =>
    member.key === 'properties' ? compactJson(document, member.value, change) : undefined,
  );
};

const textOf = ({ text }: JsonDocument, node: JsonNode): string => {
  const value: unknown = JSON.parse(text.slice(node.start, node.end));
  return typeof value === 'string' ? value : '';
};
