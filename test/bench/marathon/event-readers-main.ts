/** `event-readers-main URL COUNT EVENTS`: so many clients of /v2/events. Tells the parent when all listen, and when all have heard of EVENTS. */
import { get } from 'node:http';

const [url = '', count = '', events = ''] = process.argv.slice(2);
const NEEDLE = 'event: instance_changed_event';
let listening = 0;
let done = 0;

for (let index = 0; index < Number(count); index++) {
  get(`${url}/v2/events`, { agent: false, headers: { Accept: 'text/event-stream' } }, (response) => {
    let seen = 0;
    let rest = '';
    response.setEncoding('latin1');
    response.on('data', (chunk: string) => {
      const data = rest + chunk;
      for (let at = data.indexOf(NEEDLE); at >= 0; at = data.indexOf(NEEDLE, at + NEEDLE.length)) seen++;
      rest = data.slice(1 - NEEDLE.length);
      if (seen < Number(events)) return;
      seen = Number.NEGATIVE_INFINITY;
      if (++done === Number(count)) process.send?.('done');
    });
    if (++listening === Number(count)) process.send?.('listening');
  });
}
process.on('disconnect', () => process.exit(0));
