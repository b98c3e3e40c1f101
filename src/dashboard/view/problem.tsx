import type { ServerError } from '../model/server-error.ts';

/** What a server said when it refused, in its own words. */
export const Problem = ({ problem }: { problem: ServerError | undefined }) =>
  problem === undefined ? null : (
    <div class="problem" role="alert">
      <strong>{problem.message}</strong>
      {problem.details.length === 0 ? null : (
        <ul>
          {problem.details.map(({ path, message }) => (
            <li key={`${path} ${message}`}>
              {path === '/' ? null : <code>{path}</code>} {message}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
