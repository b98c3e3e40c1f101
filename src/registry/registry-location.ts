import { openStream } from '../http/client.ts';
import type { ImageLimits } from './image-limits.ts';
import { isLoopback, type RegistryReference } from './image-reference.ts';

export interface RegistryLocation {
  /** Such as https://registry-1.docker.io. */
  readonly baseUrl: string;
  /** May be talked to without TLS, or with a certificate that nobody vouches for. */
  readonly isInsecure: boolean;
}

/**
 * Where a registry is asked: by TLS, but one on the loopback or among --insecure-registries also without, when it does
 * not speak it.
 */
export const locateRegistry = async (
  { registry, scheme }: RegistryReference,
  options: { insecure: readonly string[]; limits: ImageLimits; signal: AbortSignal },
): Promise<RegistryLocation> => {
  const { insecure, limits, signal } = options;
  const isInsecure =
    isLoopback(registry) || insecure.includes(registry) || insecure.includes(registry.replace(/:\d+$/, ''));
  if (!isInsecure) return { baseUrl: `https://${registry}`, isInsecure };
  if (scheme) return { baseUrl: `${scheme}://${registry}`, isInsecure };
  try {
    const stream = await openStream({
      url: `https://${registry}/v2/`,
      isAnonymous: true,
      timeoutMs: limits.answerMs,
      signal,
      tls: { rejectUnauthorized: false },
    });
    stream.close();
    return { baseUrl: `https://${registry}`, isInsecure };
  } catch {
    signal.throwIfAborted();
    return { baseUrl: `http://${registry}`, isInsecure };
  }
};
