import { spawn } from 'node:child_process';

/** A named pipe; Node.js itself makes none. */
export const makeFifo = (path: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn('mkfifo', ['--', path], { stdio: 'ignore' });
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`mkfifo ended with status ${code}`)),
    );
  });
