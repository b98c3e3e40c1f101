/**
 * A probe as a program of its own, for Node.js, which is run inside the network namespace of a container: only a process
 * that is in there reaches what listens on its loopback address. Argument: JSON of `{ port, host, timeoutMs }`, and for HTTP
 * also of `scheme` and `path`. Prints the status of the answer, or `connected` or `refused`; nothing when it was not done in
 * time (0 means no limit), or there was no answer.
 */
export const PROBE_PROGRAM = `
const { scheme, host, port, path, timeoutMs } = JSON.parse(process.argv[1]);
const end = (text) => { if (text) process.stdout.write(String(text), () => process.exit()); else process.exit(); };
if (timeoutMs > 0) setTimeout(() => end(), timeoutMs);
const get = (url, redirects) => {
  const client = require(url.protocol === 'https:' ? 'node:https' : 'node:http');
  client.get(url, { rejectUnauthorized: false }, ({ statusCode, headers: { location } }) => {
    const isRedirect = statusCode >= 300 && statusCode < 400 && location !== undefined;
    if (!isRedirect) return end(statusCode);
    return redirects > 0 ? get(new URL(location, url), redirects - 1) : end();
  }).on('error', () => end());
};
if (scheme === undefined) {
  require('node:net').connect(port, host).on('connect', () => end('connected')).on('error', () => end('refused'));
} else get(new URL(scheme + '://' + (host.includes(':') ? '[' + host + ']' : host) + ':' + port + path), 10);
`;
