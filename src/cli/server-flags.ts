import { boolean, string } from '@oclif/core/flags';
import { port } from './flags.ts';

/** Flags of the commands that run one server alone in the foreground. */
export const serverFlags = (usualPort: number) => ({
  host: string({
    description: 'Address to listen on; where other machines reach it, with TLS and authentication',
    helpValue: 'ADDRESS',
  }),
  port: port({ description: 'Port to listen on (0: any that is free)', default: usualPort }),
  hostname: string({
    description: 'Another name under which requests may come; may be given several times',
    multiple: true,
    multipleNonGreedy: true,
    helpValue: 'NAME',
  }),
  credentials: string({
    description:
      'Principals that may come and their secrets, as JSON: {"credentials":[{"principal":…,"secret":…}]}',
    helpValue: 'FILE',
  }),
  credential: string({
    description: 'As whom it speaks to the master, as JSON: {"principal":…,"secret":…}',
    helpValue: 'FILE',
  }),
  authenticate_http_readonly: boolean({ description: 'Ask who reads, also on this machine' }),
  authenticate_http_readwrite: boolean({ description: 'Ask who changes something, also on this machine' }),
  'insecure-listen': boolean({
    description: 'Listen without TLS and let everyone who can reach it do everything',
  }),
  'work-dir': string({ description: 'Folder of its files; default: PLENUM_HOME/NAME', helpValue: 'FOLDER' }),
});

export const masterFlag = (description: string) =>
  string({ description, multiple: true, multipleNonGreedy: true, helpValue: 'URL' });

/** Flags of servers that show a certificate, and know others by theirs. */
export const tlsFlags = () => ({
  tls: boolean({ description: 'Speak TLS and ask who is calling, also on this machine' }),
  'tls-cert': string({ description: 'Its certificate, in PEM', helpValue: 'FILE' }),
  'tls-key': string({ description: 'The private key of its certificate, in PEM', helpValue: 'FILE' }),
  'ca-file': string({ description: 'The authority of the cluster, in PEM', helpValue: 'FILE' }),
  'token-file': string({
    description: 'The token with which it speaks to the others; default: PLENUM_TOKEN',
    helpValue: 'FILE',
  }),
  'security-dir': string({
    description: "The cluster's own authority, certificates and join token",
    helpValue: 'FOLDER',
  }),
});
