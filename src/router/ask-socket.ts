import { connect } from 'node:net';

const LONGEST_ANSWER = 16 * 1024 * 1024;
const LONGEST_WAIT_MS = 5_000;

/**
 * Sends one command, the only one, to a command socket of HAProxy and reads the whole answer (HAProxy's management guide, 9.3). Rejects
 * with the system's error, or when the answer is too long or too late.
 */
export const askSocket = (path: string, command: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(path);
    const chunks: Buffer[] = [];
    let length = 0;
    socket.setTimeout(LONGEST_WAIT_MS, () => socket.destroy(new Error('HAProxy does not answer')));
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length > LONGEST_ANSWER) socket.destroy(new Error('HAProxy answers without end'));
    });
    socket.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('HAProxy closed the connection')));
    socket.end(`${command}\n`);
  });
