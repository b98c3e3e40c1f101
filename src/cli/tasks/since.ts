/** A time at the beginning of a line, as most programs write it: 2026-11-25T13:00:00.000Z, also in brackets, with a blank or a comma. */
const TIME =
  /^[[("']?(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:[.,](\d{1,9}))?\s?(Z|UTC|[+-]\d{2}:?\d{2})?/;

/**
 * What a log has of a time on, by the times that its own lines begin with: neither files nor the log service of a cluster know
 * when a line was written. Lines without a time belong to the one before. Undefined when no line has one.
 */
export const textSince = (text: string, sinceMs: number): string | undefined => {
  let isTold = false;
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\n', at);
    const next = end < 0 ? text.length : end + 1;
    const time = timeOf(text.slice(at, Math.min(next, at + 64)));
    if (time !== undefined && time >= sinceMs) return text.slice(at);
    isTold ||= time !== undefined;
    at = next;
  }
  return isTold ? '' : undefined;
};

/** In ms since the epoch; without a zone it is that of this machine. */
const timeOf = (line: string): number | undefined => {
  const [, day, clock, fraction = '0', zone = ''] = TIME.exec(line) ?? [];
  if (day === undefined) return undefined;
  const time = Date.parse(`${day}T${clock}.${fraction.slice(0, 3)}${zone === 'UTC' ? 'Z' : withColon(zone)}`);
  return Number.isNaN(time) ? undefined : time;
};

const withColon = (zone: string): string => zone.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2');
