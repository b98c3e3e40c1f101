import { useState } from 'preact/hooks';
import { downloadPath, listFiles, type SandboxFile } from '../feeds/sandbox-calls.ts';
import { formatBytes } from '../view/format.ts';
import { Problem } from '../view/problem.tsx';
import { type Column, Table } from '../view/table.tsx';
import { TimeText } from '../view/time-text.tsx';
import { useLive } from '../view/use-live.ts';

interface FilesPanelProps {
  readonly agentId: string;
  /** The folder that is shown first, and that is not left. */
  readonly root: string;
}

const nameOf = (path: string): string => path.split('/').at(-1) ?? path;

/** The files of a sandbox, folder by folder. */
export const FilesPanel = ({ agentId, root }: FilesPanelProps) => {
  const [inner, setInner] = useState<readonly string[]>([]);
  const folder = [root, ...inner].join('/');
  const { value: files, problem } = useLive(`files ${agentId} ${folder}`, () => listFiles(agentId, folder));
  const columns: readonly Column<SandboxFile>[] = [
    {
      title: 'Name',
      kind: 'wide',
      cell: ({ path, mode }) =>
        mode.startsWith('d') ? (
          <button type="button" class="link" onClick={() => setInner([...inner, nameOf(path)])}>
            {nameOf(path)}/
          </button>
        ) : (
          <a href={downloadPath(agentId, path)} download={nameOf(path)}>
            {nameOf(path)}
          </a>
        ),
      sortBy: ({ path }) => nameOf(path),
    },
    {
      title: 'Size',
      kind: 'number',
      cell: ({ size, mode }) => (mode.startsWith('d') ? '' : formatBytes(size)),
      sortBy: ({ size }) => size,
    },
    { title: 'Mode', kind: 'id', cell: ({ mode }) => mode },
    { title: 'Changed', cell: ({ mtime }) => <TimeText time={mtime} />, sortBy: ({ mtime }) => mtime },
  ];
  return (
    <>
      <nav class="crumbs" aria-label="Folder">
        <button type="button" class="link" onClick={() => setInner([])}>
          sandbox
        </button>
        {inner.map((name, index) => (
          <span key={inner.slice(0, index + 1).join('/')}>
            {' / '}
            <button type="button" class="link" onClick={() => setInner(inner.slice(0, index + 1))}>
              {name}
            </button>
          </span>
        ))}
      </nav>
      <Problem problem={problem} />
      <Table
        label="Files"
        columns={columns}
        rows={files ?? []}
        keyOf={({ path }) => path}
        empty={files === undefined ? 'Reading the folder…' : 'The folder is empty.'}
      />
    </>
  );
};
