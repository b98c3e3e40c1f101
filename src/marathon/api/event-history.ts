/** An event as it went to the streams. */
export interface PastEvent {
  readonly eventType: string;
  /** The whole frame, with its id. */
  readonly frame: string;
}

export interface EventHistoryOptions {
  /** Tells the ids of one life of Marathon from those of another. */
  readonly life: string;
  readonly maxEvents?: number;
  readonly maxBytes?: number;
}

export interface EventHistory {
  /** Frames an event and keeps it; the oldest go when there are too many. */
  add(eventType: string, data: string): PastEvent;
  /**
   * What came after the event with this id. When that is not known (it is of another life, or too old) it is everything
   * that is kept, and not complete.
   */
  after(id: string): { readonly isComplete: boolean; readonly events: readonly PastEvent[] };
}

const MAX_EVENTS = 10_000;
const MAX_BYTES = 8 * 1024 * 1024;

/** Keeps the latest events for clients that come back. Ids are `LIFE-NUMBER`, and each number is one more than the last. */
export const createEventHistory = ({
  life,
  maxEvents = MAX_EVENTS,
  maxBytes = MAX_BYTES,
}: EventHistoryOptions): EventHistory => {
  let events: PastEvent[] = [];
  /** What lies before it is forgotten; it is cut off when it is more than the rest. */
  let first = 0;
  let bytes = 0;
  let lastNumber = 0;

  const forget = (): void => {
    while (events.length - first > maxEvents || (bytes > maxBytes && first < events.length)) {
      bytes -= events[first]?.frame.length ?? 0;
      first += 1;
    }
    if (first * 2 > events.length) {
      events = events.slice(first);
      first = 0;
    }
  };

  return {
    add: (eventType, data) => {
      lastNumber += 1;
      // Jetty ends lines with both characters, and marathon-lb splits at them.
      const frame = `event: ${eventType}\r\nid: ${life}-${lastNumber}\r\ndata: ${data}\r\n\r\n`;
      const event = { eventType, frame };
      events.push(event);
      bytes += frame.length;
      forget();
      return event;
    },
    after: (id) => {
      const digits = id.startsWith(`${life}-`) ? id.slice(life.length + 1) : '';
      const number = /^\d+$/.test(digits) ? Number(digits) : Number.NaN;
      const missed = lastNumber - number;
      const isComplete = Number.isInteger(number) && missed >= 0 && missed <= events.length - first;
      return { isComplete, events: events.slice(isComplete ? events.length - missed : first) };
    },
  };
};
