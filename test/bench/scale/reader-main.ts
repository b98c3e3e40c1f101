/**
 * `reader-main COUNT REQUEST`: sends the request (JSON of url, method, headers, body) so many times at once, throws the answers
 * away as they come, and prints the milliseconds until all were there.
 */
import { request as send } from 'node:http';

interface Asked {
  readonly url: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

const [count = '', text = ''] = process.argv.slice(2);
const { url, method, headers, body } = JSON.parse(text) as Asked;

const read = (): Promise<void> =>
  new Promise((resolve, reject) => {
    const request = send(url, { method, headers }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${url} answered ${response.statusCode}`));
      response.resume();
      response.on('end', resolve);
    });
    request.on('error', reject);
    request.end(body);
  });

const started = performance.now();
await Promise.all(Array.from({ length: Number(count) }, read));
process.stdout.write(`${performance.now() - started}\n`);
process.exit(0);
