import type { Readable } from 'node:stream';
import {
  type ContainerInputStream,
  type ContainerOutput,
  HEARTBEAT_EVERY_MS,
} from '../../clients/agent-containers-client.ts';
import { ApiError } from '../../clients/api-error.ts';
import { type RawTerminal, writeAll } from '../output/raw-terminal.ts';
import { DetachKeys } from './detach-keys.ts';

export interface Conversation {
  readonly output: ContainerOutput;
  /** Opened only now: nothing is said before there is somebody who listens. */
  readonly openInput: (() => ContainerInputStream) | undefined;
  readonly stdin: Readable;
  readonly raw: RawTerminal;
  /** Keys that end the conversation; undefined for one that is none of terminals. */
  readonly detachKeys: Buffer | undefined;
}

/** Passes bytes both ways until the container has ended, or somebody typed the keys to detach: then true. */
export const converse = async (conversation: Conversation): Promise<boolean> => {
  const { output, openInput, detachKeys, raw, stdin } = conversation;
  const input = openInput?.();
  const restore = input && detachKeys ? raw.makeRaw() : undefined;
  let isDetached = false;
  const speaking = input && speak(input, conversation);
  const heartbeats = input && setInterval(() => void input.heartbeat(), HEARTBEAT_EVERY_MS);
  void speaking?.then((wantsOut) => {
    isDetached = wantsOut;
    if (wantsOut) output.close();
  });
  try {
    const refused = input ? refusal(input) : new Promise<never>(() => undefined);
    await Promise.race([listen(output, raw), refused]);
  } catch (error) {
    if (!isDetached) throw error;
  } finally {
    clearInterval(heartbeats);
    input?.end();
    restore?.();
    stdin.destroy();
  }
  return isDetached;
};

const listen = async ({ pieces }: ContainerOutput, raw: RawTerminal): Promise<void> => {
  for await (const { name, bytes } of pieces) await writeAll(name === 'STDOUT' ? raw.out : raw.err, bytes);
};

/** That the container has ended already is no refusal: its output says the rest. */
const refusal = ({ ended }: ContainerInputStream): Promise<never> =>
  new Promise((_, reject) => {
    ended.catch((error: unknown) => {
      const isRefused = error instanceof ApiError && error.status !== undefined && error.status < 500;
      if (isRefused && error.status !== 404) reject(error);
    });
  });

/** Passes on what is typed, and the size of the window. True when the keys to detach were typed. */
const speak = async (
  input: ContainerInputStream,
  { stdin, raw, detachKeys }: Conversation,
): Promise<boolean> => {
  const keys = detachKeys && new DetachKeys(detachKeys);
  const sendSize = async (): Promise<void> => {
    const size = raw.windowSize();
    if (size) await input.resize(size);
  };
  // From another size to the right one: whatever runs there draws anew.
  if (keys) {
    await input.resize({ rows: 0, columns: 0 });
    await sendSize();
  }
  const stop = keys ? raw.onResize(() => void sendSize()) : undefined;
  try {
    for await (const chunk of stdin.iterator({ destroyOnReturn: false })) {
      const { bytes, isDetached } = keys?.take(chunk as Buffer) ?? {
        bytes: chunk as Buffer,
        isDetached: false,
      };
      if (bytes.length > 0) await input.write(bytes);
      if (isDetached) return true;
    }
    if (!keys) {
      await input.endStdin();
      input.end();
    }
  } catch {
    // Standard input was closed because everything is over.
  } finally {
    stop?.();
  }
  return false;
};
