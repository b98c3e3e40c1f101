/** The message of whatever was thrown, its causes included, unless it tells them itself. */
export const errorMessage = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  if (error.cause === undefined) return error.message;
  const cause = errorMessage(error.cause);
  return error.message.includes(cause) ? error.message : `${error.message}: ${cause}`;
};

/** The code of a system error, such as ENOENT, or undefined. */
export const errorCode = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
