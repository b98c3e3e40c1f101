/** `load-main URL CONNECTIONS SECONDS`: asks on so many connections, one request at a time each, and prints requests per second. */
import { Agent, get } from 'node:http';

const [url = '', connections = '', seconds = ''] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: Number(connections) });
const end = performance.now() + Number(seconds) * 1000;
let answered = 0;

const ask = (): Promise<void> =>
  new Promise((resolve, reject) => {
    const request = get(url, { agent }, (response) => {
      response.resume();
      response.on('end', resolve);
    });
    request.on('error', reject);
  });

await Promise.all(
  Array.from({ length: Number(connections) }, async () => {
    while (performance.now() < end) {
      await ask();
      answered++;
    }
  }),
);
process.stdout.write(`${answered / Number(seconds)}\n`);
process.exit(0);
