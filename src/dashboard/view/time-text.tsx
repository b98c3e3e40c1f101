import { history } from '../store.ts';
import { formatAge } from './format.ts';

/** A time as people say it, with the time itself for who points at it; seconds since the epoch, or as an API writes it. */
export const TimeText = ({ time }: { time: number | string | null | undefined }) => {
  const seconds = typeof time === 'number' ? time : Date.parse(time ?? '') / 1_000;
  if (!(seconds > 0)) return null;
  // The page's own pulse, so that what is shown grows older.
  const now = history.value.seconds.at(-1) ?? Date.now() / 1_000;
  const iso = new Date(seconds * 1_000).toISOString();
  const ahead = seconds - now;
  return (
    <time dateTime={iso} title={iso}>
      {ahead > 1 ? `in ${formatAge(ahead)}` : `${formatAge(now - seconds)} ago`}
    </time>
  );
};
