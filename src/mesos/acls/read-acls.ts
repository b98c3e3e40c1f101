import { ACL_ACTIONS, type AclAction } from './acl-actions.ts';
import type { AclEntity, AclRule, Acls } from './acls.ts';

const MOST_RULES = 10_000;
/** What is no section: modules that authorize would read it. */
const OTHER_FIELDS = new Set(['permissive', 'authorizers']);

/**
 * Reads ACLs as Mesos' `--acls` takes them: `{"permissive": true, "run_tasks": [{"principals": {"values": ["a"]}, "users":
 * {"type": "NONE"}}], …}`. Throws an Error that says where they are wrong. A section that nobody enforces is wrong, too:
 * who wrote it relies on it.
 */
export const readAcls = (text: string): Acls => {
  const parsed = parse(text);
  if (!isRecord(parsed)) throw new Error('must be a JSON object of sections such as run_tasks');
  const { permissive = true } = parsed;
  if (typeof permissive !== 'boolean') throw new Error('/permissive must be true or false');
  const rules = new Map<AclAction, readonly AclRule[]>();
  for (const [name, section] of Object.entries(parsed)) {
    if (OTHER_FIELDS.has(name)) continue;
    if (!isAction(name)) {
      throw new Error(
        `/${name} is no section that is enforced; there are: ${Object.keys(ACL_ACTIONS).join(', ')}`,
      );
    }
    if (!Array.isArray(section) || section.length > MOST_RULES) {
      throw new Error(`/${name} must be a list of at most ${MOST_RULES} rules`);
    }
    rules.set(
      name,
      section.map((rule: unknown, index) => readRule(rule, `/${name}/${index}`, ACL_ACTIONS[name].object)),
    );
  }
  return { permissive, rules };
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`is not JSON: ${error instanceof Error ? error.message : error}`);
  }
};

const isAction = (name: string): name is AclAction => Object.hasOwn(ACL_ACTIONS, name);

const readRule = (rule: unknown, place: string, object: string): AclRule => {
  if (!isRecord(rule)) throw new Error(`${place} must be an object with principals and ${object}`);
  const unknown = Object.keys(rule).find((name) => name !== 'principals' && name !== object);
  if (unknown !== undefined)
    throw new Error(`${place}/${unknown} is unknown; expected principals and ${object}`);
  return {
    principals: readEntity(rule.principals, `${place}/principals`),
    objects: readEntity(rule[object], `${place}/${object}`),
  };
};

const readEntity = (entity: unknown, place: string): AclEntity => {
  if (!isRecord(entity))
    throw new Error(`${place} must be {"values": […]} or {"type": "ANY"} or {"type": "NONE"}`);
  const { type = 'SOME', values = [] } = entity;
  if (type === 'ANY' || type === 'NONE') return { type };
  if (type !== 'SOME') throw new Error(`${place}/type must be SOME, ANY or NONE`);
  if (!Array.isArray(values) || !values.every((value): value is string => typeof value === 'string')) {
    throw new Error(`${place}/values must be a list of strings`);
  }
  return { type, values };
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
