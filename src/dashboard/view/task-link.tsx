import { Link } from './link.tsx';

/** A task's id, which leads to its page. */
export const TaskLink = ({ id }: { id: string }) => (
  <span class="id" title={id}>
    <Link to={['tasks', id]}>{id}</Link>
  </span>
);
