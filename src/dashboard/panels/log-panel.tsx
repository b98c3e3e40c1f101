import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { followLog } from '../feeds/task-log.ts';
import { type LogLines, linesWith, NO_LINES, withLines } from '../model/log-lines.ts';
import type { ServerError } from '../model/server-error.ts';
import { Problem } from '../view/problem.tsx';
import { REACHED_BY_KEYS } from '../view/reached-by-keys.ts';

const FILES = ['stdout', 'stderr'] as const;

interface LogPanelProps {
  readonly taskId: string;
  /** Where a file is downloaded whole; undefined while that is not known. */
  readonly downloadOf: (file: string) => string | undefined;
}

/** What a task prints, as it comes. */
export const LogPanel = ({ taskId, downloadOf }: LogPanelProps) => {
  const [file, setFile] = useState<string>('stdout');
  const [text, setText] = useState('');
  const [isFollowing, setFollowing] = useState(true);
  const { log, problem } = useLog(taskId, file);
  const place = useRef<HTMLPreElement>(null);
  const lines = linesWith(log, text);
  const length = lines.length + log.dropped;
  useLayoutEffect(() => {
    const element = place.current;
    if (element && isFollowing && length > 0) element.scrollTop = element.scrollHeight;
  }, [isFollowing, length]);
  const download = downloadOf(file);
  return (
    <>
      <div class="heading">
        <fieldset class="choice">
          <legend class="hidden">File</legend>
          {FILES.map((name) => (
            <label key={name}>
              <input type="radio" name="log-file" checked={file === name} onChange={() => setFile(name)} />{' '}
              {name}
            </label>
          ))}
        </fieldset>
        <label class="toggle">
          <input
            type="checkbox"
            checked={isFollowing}
            onChange={({ currentTarget }) => setFollowing(currentTarget.checked)}
          />{' '}
          follow
        </label>
        <input
          type="search"
          placeholder="Only lines with"
          aria-label="Only lines with"
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
        />
        {download === undefined ? null : (
          <a href={download} download={`${taskId}.${file}`}>
            Download
          </a>
        )}
      </div>
      <Problem problem={problem} />
      {log.dropped === 0 ? null : (
        <p class="dim">{log.dropped} earlier lines: download the file to see them.</p>
      )}
      <pre ref={place} class="log" role="log" {...REACHED_BY_KEYS} aria-label={`${file} of ${taskId}`}>
        {lines.join('\n')}
      </pre>
      {lines.length > 0 ? null : (
        <p class="empty">{text === '' ? 'Nothing was printed yet.' : 'No line has this.'}</p>
      )}
    </>
  );
};

const useLog = (taskId: string, file: string): { log: LogLines; problem: ServerError | undefined } => {
  const [log, setLog] = useState<LogLines>(NO_LINES);
  const [problem, setProblem] = useState<ServerError>();
  useEffect(() => {
    setLog(NO_LINES);
    setProblem(undefined);
    return followLog(taskId, file, {
      onStart: () => {
        setLog(NO_LINES);
        setProblem(undefined);
      },
      onLines: (lines) => setLog((earlier) => withLines(earlier, lines)),
      onProblem: setProblem,
    });
  }, [taskId, file]);
  return { log, problem };
};
