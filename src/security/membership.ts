import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { request } from '../http/client.ts';
import type { ServerTls } from '../http/server-access.ts';
import type { Clock } from '../runtime/clock.ts';
import { errorMessage } from '../runtime/error-message.ts';
import type { Log } from '../runtime/log.ts';
import { fingerprintOf, newKeyPair, privateKeyText } from './authority.ts';
import { ForeignClusterError, findAuthority } from './find-authority.ts';
import { JOIN_PATH, type JoinAnswer, type JoinRequest } from './join-protocol.ts';
import { parseJoinToken } from './join-token.ts';
import { readSecretIfThere, writeSecretFile } from './secret-file.ts';
import { isDueForRenewal, isNamed } from './server-certificate.ts';

/** What an agent, or a service, has from its cluster. It outlives rotations of the join token. */
export interface Membership {
  /** The cluster's authority, in PEM. */
  readonly ca: string;
  /** As it is at the moment: it is renewed while the agent runs. */
  readonly tls: () => ServerTls;
  /** As whom the agent speaks to the master. */
  readonly token: () => string;
}

export interface JoinOptions {
  readonly masterUrls: readonly string[];
  /** Needed the first time only. */
  readonly joinToken?: string | undefined;
  /** In place of a join token: the cluster's authority and a token, as a service is given them. */
  readonly admission?: { readonly ca: string; readonly token: string };
  /** Host names and addresses under which the agent is reached. */
  readonly names: readonly string[];
  /** Where the member keeps what it is given; undefined: nowhere. */
  readonly folder: string | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

const RETRY_MS = 1_000;
const RENEWAL_LOOK_MS = 6 * 3_600_000;

interface Papers {
  readonly ca: string;
  readonly key: string;
  readonly certificate: string;
  readonly token: string;
}

/** The cluster will not have the agent: trying again is of no use. */
class Refusal extends Error {}

/**
 * Joins the cluster, or goes on as the member that the agent is already. Tries until a master answers. Rejects when the
 * cluster refuses it, when the server is another cluster's, or without a join token when one is needed.
 */
export const joinCluster = async (options: JoinOptions): Promise<Membership> => {
  const kept = options.folder === undefined ? undefined : readPapers(options.folder);
  let papers = kept && isOfCluster(kept, options) ? kept : await firstPapers(options);
  const renew = async (): Promise<void> => {
    if (!needsRenewal(papers, options)) return;
    try {
      papers = await renewed(options, papers);
    } catch (error) {
      options.log.warn({ error: errorMessage(error) }, 'cannot renew the certificate of this agent');
    }
  };
  await renew();
  const timer = setInterval(() => void renew(), RENEWAL_LOOK_MS);
  timer.unref();
  return {
    ca: papers.ca,
    tls: () => ({ cert: papers.certificate + papers.ca, key: papers.key }),
    token: () => papers.token,
  };
};

/** Papers of a cluster that is no more are of no use in the one that the join token is for. */
const isOfCluster = ({ ca }: Papers, { joinToken = '' }: JoinOptions): boolean => {
  const token = parseJoinToken(joinToken);
  return token === undefined || token.fingerprint === fingerprintOf(new X509Certificate(ca));
};

const firstPapers = async (options: JoinOptions): Promise<Papers> => {
  const { admission } = options;
  if (admission) {
    const key = privateKeyText(newKeyPair().privateKey);
    return untilAnswered(options, async (masterUrl) => {
      const { ca, token } = admission;
      return { ca, key, ...(await ask(masterUrl, ca, requestFor(key, options), token)) };
    });
  }
  const token = parseJoinToken(options.joinToken ?? '');
  if (!token) {
    throw new Refusal(
      options.joinToken === undefined
        ? 'This agent has not joined the cluster yet: give its join token with --join-token-file FILE or PLENUM_JOIN_TOKEN (plenum cluster token shows it)'
        : 'That is no join token: it begins with plenum-join.',
    );
  }
  const key = privateKeyText(newKeyPair().privateKey);
  return untilAnswered(options, async (masterUrl) => {
    const ca = await findAuthority(masterUrl, token.fingerprint);
    const answer = await ask(masterUrl, ca, { ...requestFor(key, options), secret: token.secret });
    return keep(options.folder, { ca, key, ...answer });
  });
};

const renewed = async (options: JoinOptions, papers: Papers): Promise<Papers> => {
  const [masterUrl = ''] = options.masterUrls;
  const answer = await ask(masterUrl, papers.ca, requestFor(papers.key, options), papers.token);
  return keep(options.folder, { ...papers, ...answer });
};

const untilAnswered = async (
  { masterUrls, log }: JoinOptions,
  attempt: (masterUrl: string) => Promise<Papers>,
): Promise<Papers> => {
  for (let count = 0; ; count++) {
    const masterUrl = masterUrls[count % masterUrls.length] ?? '';
    try {
      return await attempt(masterUrl);
    } catch (error) {
      if (error instanceof Refusal || error instanceof ForeignClusterError) throw error;
      log.warn({ master: masterUrl, error: errorMessage(error) }, 'cannot join yet');
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
};

const requestFor = (key: string, { names }: JoinOptions): JoinRequest => ({
  public_key: createPublicKey(createPrivateKey(key)).export({ type: 'spki', format: 'pem' }).toString(),
  names,
});

const ask = async (masterUrl: string, ca: string, body: JoinRequest, token?: string): Promise<JoinAnswer> => {
  const { status, body: answer } = await request({
    method: 'POST',
    url: `${masterUrl}${JOIN_PATH}`,
    headers: {
      'Content-Type': 'application/json',
      ...(token === undefined ? {} : { Authorization: `token=${token}` }),
    },
    body: JSON.stringify(body),
    tls: { ca },
  });
  const text = answer.toString('utf8');
  if (status >= 400 && status < 500)
    throw new Refusal(`The master refuses this agent: ${text.slice(0, 500)}`);
  if (status !== 200) throw new Error(`the master answered ${status}`);
  const { certificate, token: given } = JSON.parse(text) as JoinAnswer;
  return { certificate, token: given };
};

const needsRenewal = ({ certificate, token }: Papers, { names, clock }: JoinOptions): boolean => {
  const parsed = new X509Certificate(certificate);
  return (
    token === '' || isDueForRenewal(parsed, clock.now()) || !names.every((name) => isNamed(parsed, name))
  );
};

const FILES = { ca: 'ca.pem', key: 'agent.key', certificate: 'agent.pem', token: 'agent-token' } as const;

const readPapers = (folder: string): Papers | undefined => {
  const [ca, key, certificate, token] = [FILES.ca, FILES.key, FILES.certificate, FILES.token].map((file) =>
    readSecretIfThere(join(folder, file)),
  );
  if (ca === undefined || key === undefined || certificate === undefined || token === undefined)
    return undefined;
  return { ca, key, certificate, token: token.trim() };
};

const keep = (folder: string | undefined, papers: Papers): Papers => {
  if (folder === undefined) return papers;
  writeSecretFile(join(folder, FILES.ca), papers.ca);
  writeSecretFile(join(folder, FILES.key), papers.key);
  writeSecretFile(join(folder, FILES.token), `${papers.token}\n`);
  writeSecretFile(join(folder, FILES.certificate), papers.certificate);
  return papers;
};
