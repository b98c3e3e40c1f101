import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseGoDuration } from '../../src/cli/go-duration.ts';
import { type FakeCluster, slave, startFakeCluster, task } from './fake-cluster.ts';

const CALL = 'POST /mesos/api/v1';
const AGENT = { agent_id: { value: 'S0' } };

let cluster: FakeCluster;

const show = (...nodes: object[]): void => {
  cluster.answers['GET /mesos/slaves'] = { body: { slaves: nodes } };
};
const draining = (state: string): object =>
  slave('S0', '10.0.0.11', { active: false, deactivated: true, drain_info: { state, config: {} } });

beforeEach(async () => {
  cluster = await startFakeCluster({ [CALL]: {}, 'GET /mesos/tasks': { body: { tasks: [task('web.1')] } } });
  show(slave('S0', '10.0.0.11'));
});

afterEach(() => cluster.close());

describe('the commands that change an agent', () => {
  it.each<[string[], object]>([
    [['deactivate'], { type: 'DEACTIVATE_AGENT', deactivate_agent: AGENT }],
    [['reactivate'], { type: 'REACTIVATE_AGENT', reactivate_agent: AGENT }],
    [['decommission'], { type: 'MARK_AGENT_GONE', mark_agent_gone: AGENT }],
    [['drain'], { type: 'DRAIN_AGENT', drain_agent: { ...AGENT, mark_gone: false } }],
    [
      ['drain', '--max-grace-period', '5m', '--decommission'],
      { type: 'DRAIN_AGENT', drain_agent: { ...AGENT, max_grace_period: { seconds: 300 }, mark_gone: true } },
    ],
    [['drain', '--max-grace-period=0'], { type: 'DRAIN_AGENT', drain_agent: { ...AGENT, mark_gone: false } }],
  ])('%j sends what the master understands, and says nothing', async ([command = '', ...flags], call) => {
    expect(await cluster.run(['node', command, 'S0', ...flags])).toMatchObject({
      code: 0,
      stdout: '',
      stderr: '',
    });
    expect(cluster.changes()).toEqual([`${CALL} ${JSON.stringify(call)}`]);
  });

  it.each([
    ['deactivate', "could not deactivate agent 'S9'"],
    ['reactivate', "could not reactivate agent 'S9'"],
    ['decommission', "could not mark agent 'S9' as gone"],
    ['drain', "could not drain agent 'S9'"],
  ])('%s ends with 3 for an agent that nobody knows', async (command, text) => {
    for (const answer of [
      { status: 404, body: "Agent 'S9' not found" },
      { status: 400, body: 'Unknown agent' },
    ]) {
      cluster.answers[CALL] = answer;
      const { code, stderr, stdout } = await cluster.run(['node', command, 'S9']);
      expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
      expect(stderr).toContain(text);
      expect(stderr).toContain('plenum node list');
    }
  });

  it('pass on why the master refuses', async () => {
    cluster.answers[CALL] = { status: 400, body: 'Agent is still in the DRAINING state' };
    const { code, stderr } = await cluster.run(['node', 'reactivate', 'S0']);
    expect(code).toBe(1);
    expect(stderr).toContain('Agent is still in the DRAINING state');
  });

  it('print the agent as it is then when JSON is asked for', async () => {
    show(draining('DRAINING'));
    expect(JSON.parse((await cluster.run(['node', 'drain', 'S0', '--json'])).stdout)).toEqual(
      draining('DRAINING'),
    );
    show();
    const gone = await cluster.run(['node', 'decommission', 'S0', '--json']);
    expect(JSON.parse(gone.stdout)).toEqual({ id: 'S0' });
  });
});

describe('node drain --wait', () => {
  it.each<[string[], object[]]>([
    [[], [draining('DRAINING'), draining('DRAINED')]],
    [['--decommission'], [draining('DRAINING')]],
  ])('%j returns when it is done', async (flags, answers) => {
    let asked = 0;
    cluster.answers['GET /mesos/slaves'] = () => {
      const answer = answers[asked++];
      return { body: { slaves: answer === undefined ? [] : [answer] } };
    };
    const { code, stdout } = await cluster.run(['node', 'drain', 'S0', '--wait', ...flags]);
    expect({ code, stdout, asked }).toEqual({ code: 0, stdout: '', asked: 2 });
  });

  it('ends with 7 and says what it waits for when it takes too long', async () => {
    show(draining('DRAINING'));
    const late = await cluster.run(['node', 'drain', 'S0', '--wait', '--timeout', '100ms']);
    expect(late.code).toBe(7);
    expect(late.stderr).toContain('Agent S0 is not drained yet');
    expect(late.stderr).toContain('These have not ended: web.1');
    cluster.answers['GET /mesos/tasks'] = {
      body: { tasks: [task('web.1', { state: 'TASK_KILLED' }), task('other', { slave_id: 'S1' })] },
    };
    const silent = await cluster.run(['node', 'drain', 'S0', '--wait', '--timeout', '100ms']);
    expect(silent.stderr).toContain('not every scheduler has acknowledged');
  });
});

describe('a grace period', () => {
  it.each([
    ['0', 0],
    ['90s', 90e9],
    ['5m', 300e9],
    ['1h30m', 5400e9],
    ['1.5s', 1.5e9],
    ['1ms500us', 1.5e6],
  ])('%s is %d ns', (text, nanoseconds) => {
    expect(parseGoDuration(text)).toBe(nanoseconds);
  });

  it.each(['', '5', '-5m', '5 m', 'm', '5x', '9999999999h'])('"%s" is refused', (text) => {
    expect(() => parseGoDuration(text)).toThrow('no length of time');
  });

  it('without a unit is wrong usage', async () => {
    const { code } = await cluster.run(['node', 'drain', 'S0', '--max-grace-period', '5']);
    expect(code).toBe(2);
    expect(cluster.changes()).toEqual([]);
  });
});
