import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ServedMarathon, serveMarathon } from '../marathon/api/served-marathon.ts';
import { type PlenumResult, runPlenum } from './run-plenum.ts';

/** A cluster whose Marathon is a real engine on virtual time, behind the path that a gateway gives it. */
export interface EngineCluster {
  readonly marathon: ServedMarathon;
  run(args: readonly string[], input?: string): Promise<PlenumResult>;
  /** Runs a command while time goes on. */
  runInTime(args: readonly string[], input?: string): Promise<PlenumResult>;
  close(): Promise<void>;
}

const STEP_MS = 500;

export const startEngineCluster = async (
  ...options: Parameters<typeof serveMarathon>
): Promise<EngineCluster> => {
  const marathon = await serveMarathon(...options);
  const gateway = createServer((incoming, outgoing) => {
    const url = marathon.url + (incoming.url ?? '').replace(/^\/service\/marathon/, '');
    const { method, headers } = incoming;
    const onward = httpRequest(url, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
  const run = (args: readonly string[], input?: string): Promise<PlenumResult> =>
    runPlenum(args, {
      ...(input !== undefined && { input }),
      env: { PLENUM_CLUSTER: `http://127.0.0.1:${(gateway.address() as AddressInfo).port}` },
    });
  return {
    marathon,
    run,
    runInTime: async (...command) => {
      let isOver = false;
      const result = run(...command).finally(() => {
        isOver = true;
      });
      result.catch(() => undefined);
      while (!isOver) {
        await marathon.harness.pass(STEP_MS);
        // Lets what the command sends come in.
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      return result;
    },
    close: () => {
      gateway.closeAllConnections();
      gateway.close();
      return marathon.close();
    },
  };
};
