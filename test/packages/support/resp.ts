import { createConnection } from 'node:net';

const LONGEST_MS = 10_000;

/** What Redis answers: a text, a number or an error as text, or null for nothing. */
export type RedisAnswer = string | null;

/** Sends commands over one connection and gives the answers in their order. Texts are of ASCII. */
export const askRedis = (address: string, commands: readonly (readonly string[])[]): Promise<RedisAnswer[]> =>
  new Promise((resolve, reject) => {
    const [host = '', port = ''] = address.split(':');
    const socket = createConnection({ host, port: Number(port) }, () =>
      socket.write(commands.map(encode).join('')),
    );
    let received = '';
    socket.setEncoding('utf8').setTimeout(LONGEST_MS, () => socket.destroy(new Error('Redis is silent')));
    socket.on('data', (text: string) => {
      received += text;
      const answers = decodeAll(received);
      if (answers.length < commands.length) return;
      socket.end();
      resolve(answers);
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`Redis closed the connection after ${received}`)));
  });

const encode = (words: readonly string[]): string =>
  `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;

const decodeAll = (received: string): RedisAnswer[] => {
  const answers: RedisAnswer[] = [];
  for (let rest = received; ; ) {
    const [line = '', type, first = ''] = /^([+\-:$])(.*)\r\n/.exec(rest) ?? [];
    if (type === undefined) return answers;
    rest = rest.slice(line.length);
    if (type !== '$' || first === '-1') {
      answers.push(type === '$' ? null : first);
      continue;
    }
    const length = Number(first);
    if (rest.length < length + 2) return answers;
    answers.push(rest.slice(0, length));
    rest = rest.slice(length + 2);
  }
};
