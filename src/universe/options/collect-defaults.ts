import { entryOf, isJsonObject, type Json, type JsonObject } from '../json/json.ts';

/**
 * The configuration that a config schema describes by its defaults (reference 1.12): of every property its `default`,
 * else what its own properties give. Sections that give nothing are left out.
 */
export const collectDefaults = (schema: JsonObject): JsonObject => {
  const properties = entryOf(schema, 'properties');
  if (!isJsonObject(properties)) return {};
  const defaults: [string, Json][] = [];
  for (const [name, property] of Object.entries(properties)) {
    if (!isJsonObject(property)) continue;
    const own = entryOf(property, 'default');
    if (own !== undefined) {
      defaults.push([name, own]);
    } else if (entryOf(property, 'properties') !== undefined) {
      const nested = collectDefaults(property);
      if (Object.keys(nested).length > 0) defaults.push([name, nested]);
    }
  }
  return Object.fromEntries(defaults);
};
