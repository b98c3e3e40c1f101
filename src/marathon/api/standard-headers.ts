import type { Preparation } from '../../http/router.ts';
import type { EngineFacts } from '../engine.ts';

/** Headers of every answer (marathon.md 1.1), but for those that depend on more. */
export const STANDARD_HEADERS: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-cache, no-store, must-revalidate',
  Pragma: 'no-cache',
  Expires: '0',
  'X-Frame-Options': 'DENY',
  'X-XSS-Protection': '1; mode=block',
};

/** Sets the headers of every answer, errors and unknown paths included, and for pages of `allowedOrigins` those of CORS. */
export const standardHeaders =
  (facts: () => Pick<EngineFacts, 'url' | 'leader'>, allowedOrigins: readonly string[] = []): Preparation =>
  ({ headers }, response) => {
    const { url, leader } = facts();
    for (const [name, value] of Object.entries(STANDARD_HEADERS)) response.setHeader(name, value);
    response.setHeader('X-Marathon-Leader', `${new URL(url).protocol}//${leader}`);
    if (allowedOrigins.length === 0) return;
    // Browsers take one origin only: of several the one that asks.
    const asking = allowedOrigins.filter((origin) => origin === headers.origin);
    response.setHeader('Access-Control-Allow-Origin', asking.length > 0 ? asking : allowedOrigins);
    response.setHeader('Access-Control-Allow-Methods', 'GET, HEAD, OPTIONS');
    const asked = headers['access-control-request-headers'];
    if (asked !== undefined) response.setHeader('Access-Control-Allow-Headers', asked);
    response.setHeader('Access-Control-Max-Age', '86400');
  };
