const SECRET_NAME = /pass(word|wd)?$|secret|token|credential|private_?key|api_?key/i;
const STARS = '********';

/**
 * JSON without what must stay secret: values of fields that are called like a password, token or key, wherever they are.
 * A reference to a secret by its name (`{"secret": …}`, `secrets`) says nothing, and stays.
 */
export const redact = (value: unknown, name = ''): unknown => {
  if (Array.isArray(value)) return value.map((item) => redact(item, name));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, field]) => [key, key === 'secrets' ? field : redact(field, key)]),
    );
  }
  const isReference = name === 'secret' || name === 'source';
  return typeof value === 'string' && value !== '' && !isReference && SECRET_NAME.test(name) ? STARS : value;
};

/**
 * The same for what names its value in a field beside it, as environments in Mesos' messages do:
 * `{"name": "DB_PASSWORD", "value": "…"}`.
 */
export const redactVariables = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(redactVariables);
  if (typeof value !== 'object' || value === null) return value;
  const { name, value: content } = value as { name?: unknown; value?: unknown };
  const isSecret = typeof name === 'string' && typeof content === 'string' && SECRET_NAME.test(name);
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [
      key,
      isSecret && key === 'value' ? STARS : redactVariables(field),
    ]),
  );
};
