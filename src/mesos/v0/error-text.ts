/**
 * The text of an answer that refuses a request, as masters and agents word it: paths and methods that nobody serves have
 * texts of their own. `allowed` are the methods that the path has, as the header Allow lists them.
 */
export const errorText = (
  { status, message, allowed }: { status: number; message: string; allowed: string | undefined },
  method: string,
): string => {
  if (status === 404 && message.startsWith('No such path')) return '404 Not Found.';
  if (status !== 405 || allowed === undefined) return message;
  const methods = allowed.split(', ').map((name) => `'${name}'`);
  return `405 Method Not Allowed. Expecting one of { ${methods.join(', ')} }, but received '${method}'.`;
};
