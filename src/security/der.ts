/** The few forms of ASN.1's distinguished encoding (X.690) that certificates are made of. */

export type Der = Buffer;

const encoded = (tag: number, content: Buffer): Der =>
  Buffer.concat([Buffer.from([tag]), lengthOf(content.length), content]);

const lengthOf = (length: number): Buffer => {
  if (length < 0x80) return Buffer.from([length]);
  const digits: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
  return Buffer.from([0x80 | digits.length, ...digits]);
};

export const sequence = (...parts: readonly Der[]): Der => encoded(0x30, Buffer.concat(parts));

export const set = (...parts: readonly Der[]): Der => encoded(0x31, Buffer.concat(parts));

/** Wrapped in [number] as a whole. */
export const explicit = (number: number, content: Der): Der => encoded(0xa0 | number, content);

/** Tagged [number] in place of its own tag. */
export const implicit = (number: number, content: Buffer): Der => encoded(0x80 | number, content);

export const boolean = (value: boolean): Der => encoded(0x01, Buffer.from([value ? 0xff : 0]));

/** A non-negative number, most significant byte first. */
export const integer = (bytes: Buffer): Der => {
  const start = bytes.findIndex((byte) => byte !== 0);
  const digits = start < 0 ? Buffer.from([0]) : bytes.subarray(start);
  // The highest bit would make it a negative one.
  return encoded(0x02, (digits[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), digits]) : digits);
};

export const octetString = (content: Buffer): Der => encoded(0x04, content);

/** `unused` bits at the end do not count. */
export const bitString = (content: Buffer, unused = 0): Der =>
  encoded(0x03, Buffer.concat([Buffer.from([unused]), content]));

export const utf8String = (text: string): Der => encoded(0x0c, Buffer.from(text, 'utf8'));

export const objectIdentifier = (dotted: string): Der => {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return encoded(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
};

const base128 = (value: number): number[] => {
  const digits = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) {
    digits.unshift((rest % 128) | 0x80);
  }
  return digits;
};

/** In whole seconds, UTC: with two digits of the year until 2049, as RFC 5280 4.1.2.5 demands. */
export const time = (ms: number): Der => {
  const [date = '', clock = ''] = new Date(ms).toISOString().split('T');
  const text = `${date.replaceAll('-', '')}${clock.slice(0, 8).replaceAll(':', '')}Z`;
  const isLate = new Date(ms).getUTCFullYear() >= 2050;
  return isLate ? encoded(0x18, Buffer.from(text)) : encoded(0x17, Buffer.from(text.slice(2)));
};
