import type { Event, Response as MasterResponse } from '../../mesos/generated/master.ts';
import type { ClusterState } from '../model/cluster-state.ts';
import { RecordReader } from './record-reader.ts';

const MASTER = '/mesos/api/v1';
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 5_000;
/** Heartbeats come every 15 s: a stream that is silent for longer than two of them is dead. */
const SILENCE_MS = 35_000;
const AGENTS_EVERY_MS = 5_000;

/** `live`: events arrive; `polling`: only whole states can be had; `offline`: nothing answers. */
export type FeedMode = 'connecting' | 'live' | 'polling' | 'offline';

export interface FeedListener {
  onChange(): void;
  onMode(mode: FeedMode): void;
  /** What has happened, as it was told. */
  onEvents(events: readonly Event[]): void;
}

/** Keeps the state up to date for as long as the page lives: by the event stream, and by asking where that breaks. */
export const followMaster = async (state: ClusterState, listener: FeedListener): Promise<never> => {
  setInterval(() => void refreshNodes(state, listener), AGENTS_EVERY_MS);
  for (let retryMs = FIRST_RETRY_MS; ; retryMs = Math.min(retryMs * 2, LAST_RETRY_MS)) {
    try {
      await readEvents(state, listener, () => {
        retryMs = FIRST_RETRY_MS;
      });
    } catch {
      // The stream broke: whether the master still answers shows next.
    }
    listener.onMode((await pollOnce(state, listener)) ? 'polling' : 'offline');
    await new Promise((resolve) => setTimeout(resolve, retryMs));
  }
};

const readEvents = async (
  state: ClusterState,
  listener: FeedListener,
  onSubscribed: () => void,
): Promise<void> => {
  const controller = new AbortController();
  const call = { type: 'SUBSCRIBE' };
  const answer = await post(call, controller.signal);
  const reader = answer.body?.getReader();
  if (!reader) return;
  const records = new RecordReader();
  for (;;) {
    const timer = setTimeout(() => controller.abort(), SILENCE_MS);
    const { value, done } = await reader.read().finally(() => clearTimeout(timer));
    if (done) return;
    const events = records.push(value).map((record) => JSON.parse(record) as Event);
    for (const event of events) {
      state.apply(event);
      if (event.type === 'SUBSCRIBED') {
        listener.onMode('live');
        onSubscribed();
      }
    }
    listener.onEvents(events);
    listener.onChange();
  }
};

const pollOnce = async (state: ClusterState, listener: FeedListener): Promise<boolean> => {
  const response = await ask({ type: 'GET_STATE' });
  if (response?.type !== 'GET_STATE') return false;
  state.replace(response.get_state);
  listener.onChange();
  return true;
};

const refreshNodes = async (state: ClusterState, listener: FeedListener): Promise<void> => {
  const response = await ask({ type: 'GET_AGENTS' });
  if (response?.type !== 'GET_AGENTS') return;
  state.replaceNodes(response.get_agents.agents ?? []);
  listener.onChange();
};

/** The master's answer, or undefined when there is none. */
const ask = async (call: { type: string }): Promise<MasterResponse | undefined> => {
  try {
    const answer = await post(call, AbortSignal.timeout(SILENCE_MS));
    return (await answer.json()) as MasterResponse;
  } catch {
    return undefined;
  }
};

const post = async (call: { type: string }, signal: AbortSignal): Promise<Response> => {
  const answer = await fetch(MASTER, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify(call),
    signal,
  });
  if (!answer.ok) throw new Error(`The master answered ${answer.status}`);
  return answer;
};
