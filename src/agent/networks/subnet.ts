/** A range of IPv4 addresses, such as 10.213.0.0/16. */
export interface Subnet {
  /** Its first address, as a number. */
  readonly base: number;
  readonly prefix: number;
}

const SMALLEST_PREFIX = 8;
const LARGEST_PREFIX = 30;

/** Throws, for people, when it is no range that containers can have addresses of. */
export const parseSubnet = (text: string): Subnet => {
  const [address = '', digits = ''] = text.split('/');
  const base = addressNumber(address);
  const prefix = /^\d{1,2}$/.test(digits) ? Number(digits) : Number.NaN;
  if (base === undefined || !(prefix >= SMALLEST_PREFIX && prefix <= LARGEST_PREFIX)) {
    throw new Error(
      `'${text}' is no subnet: it has to be an IPv4 one of /${SMALLEST_PREFIX} to /${LARGEST_PREFIX}, such as 10.213.0.0/16`,
    );
  }
  return { base: base - (base % 2 ** (32 - prefix)), prefix };
};

/** How many containers have room beside the network's own address, the gateway and the broadcast address. */
export const roomIn = ({ prefix }: Subnet): number => 2 ** (32 - prefix) - 3;

export const gatewayOf = ({ base }: Subnet): string => addressText(base + 1);

/** The address of a container; `index` counts from 0 and starts anew behind the last. */
export const addressIn = (subnet: Subnet, index: number): string =>
  addressText(subnet.base + 2 + (index % roomIn(subnet)));

export const subnetText = ({ base, prefix }: Subnet): string => `${addressText(base)}/${prefix}`;

/** Undefined for what is no IPv4 address. */
const addressNumber = (text: string): number | undefined => {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)) {
    return undefined;
  }
  return parts.reduce((total, part) => total * 256 + Number(part), 0);
};

const addressText = (number: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
