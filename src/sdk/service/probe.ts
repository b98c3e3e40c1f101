import { connect } from 'node:net';
import { request } from '../../http/client.ts';
import type { ProbeEffect } from './effect.ts';

/** Looks once whether a task is ready. Never rejects: what goes wrong is a no. */
export const probe = async ({ host, port, http, timeoutMs }: ProbeEffect): Promise<boolean> => {
  if (!http) return probeTcp(host, port, timeoutMs);
  try {
    const { status, body } = await request({ url: `http://${host}:${port}${http.path}`, timeoutMs });
    if (status < 200 || status > 299) return false;
    return http.body === undefined || new RegExp(http.body).test(body.toString('utf8'));
  } catch {
    return false;
  }
};

const probeTcp = (host: string, port: number, timeoutMs: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (isPassed: boolean): void => {
      socket.destroy();
      resolve(isPassed);
    };
    socket.setTimeout(timeoutMs, () => end(false));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
