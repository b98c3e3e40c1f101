import { execFileSync } from 'node:child_process';

const STARTS = 300;
const SCRIPT = `i=0; while [ $i -lt ${STARTS} ]; do i=$((i+1)); /bin/sh -c :; done; times`;

/**
 * Milliseconds of processor time that a shell takes which another shell starts, and which does nothing: the floor of what each
 * program on the way to a command costs. Most of it is the C library's: it asks the processor what it is, and a virtual
 * processor answers slowly.
 */
export const bareStartMs = (): number => {
  // The second line of `times` is about its children.
  const [, ofChildren = ''] = execFileSync('/bin/sh', ['-c', SCRIPT], { encoding: 'utf8' }).split('\n');
  const seconds = [...ofChildren.matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, rest]) => Number(minutes) * 60 + Number(rest),
  );
  return (seconds.reduce((sum, each) => sum + each, 0) * 1000) / STARTS;
};
