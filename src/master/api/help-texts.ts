import { COMMON_HELP } from '../../mesos/v0/help/common-help.ts';
import type { EndpointHelp, HelpTexts } from '../../mesos/v0/help/endpoint-help.ts';

const MACHINES = ['The body is an array of machines: [{"hostname": "HOST", "ip": "ADDRESS"}, ...].'];
const OPERATION = (list: string): readonly string[] => [
  `The body is a form: slaveId=AGENT&${list}=JSON, an array of resources.`,
  'Answers 202 when the agent has been told to do it.',
];
const FILTERED = 'What somebody may not view is left out.';

const operation = (summary: string, list: string, action: string): EndpointHelp => ({
  summary,
  description: OPERATION(list),
  authorization: `Takes leave for ${action}.`,
});

/** What `/help` of a master tells. */
export const MASTER_HELP: HelpTexts = {
  ...COMMON_HELP,
  allocator: {
    '/offer_constraints_debug': {
      summary: 'Tells which agents the offer constraints of frameworks exclude.',
      description: [
        'Gives, for each framework, the roles that it has suppressed, and for each of its roles the agents that are not',
        'offered to it because of its constraints:',
        '',
        '    {"frameworks": {"ID": {"suppressed_roles": [], "excluded_by_attribute_constraints": {"ROLE": ["AGENT"]}}}}',
      ],
      authorization: FILTERED,
    },
  },
  master: {
    '/api/v1': {
      summary: 'Takes the calls of the v1 operator API.',
      description: [
        'POST a call in JSON or protobuf, with its type in Content-Type, and the type that is wanted in Accept.',
        'Answers 200, with the answer of calls that ask for something; 202 when an agent has been told to do it.',
      ],
      authorization:
        'Each call takes leave for its own action; what somebody may not view is left out of answers.',
    },
    '/api/v1/scheduler': {
      summary: 'Takes the calls of schedulers.',
      description: [
        'POST SUBSCRIBE to be answered with a stream of events, whose id stands in the header Mesos-Stream-Id.',
        'Other calls come with that header, and are answered 202.',
      ],
      authorization: 'Takes leave for register_frameworks by role, and for run_tasks by user.',
    },
    '/create-volumes': operation(
      'Creates persistent volumes on reserved disks.',
      'volumes',
      'create_volumes',
    ),
    '/destroy-volumes': operation('Destroys persistent volumes.', 'volumes', 'destroy_volumes'),
    '/flags': {
      summary: 'Tells the flags that the master was started with.',
      authorization: 'Takes leave for view_flags.',
    },
    '/frameworks': {
      summary: 'Lists frameworks, and those that are over.',
      description: ['Query parameters:', '', '    framework_id=VALUE   Only this one.'],
      authorization: FILTERED,
    },
    '/health': { summary: 'Answers 200 while the master works.', isOpen: true },
    '/machine/down': {
      summary: 'Takes machines of the maintenance schedule out of use.',
      description: MACHINES,
      authorization: 'Takes leave for start_maintenances.',
    },
    '/machine/up': {
      summary: 'Takes machines that are down into use again.',
      description: MACHINES,
      authorization: 'Takes leave for stop_maintenances.',
    },
    '/maintenance/schedule': {
      summary: 'Tells the maintenance schedule, or replaces it.',
      description: ['GET gives the schedule; POST takes another one in its place.'],
      authorization:
        'Machines that somebody may not view are left out; changes take leave for update_maintenance_schedules.',
    },
    '/maintenance/status': {
      summary: 'Tells which machines are draining, with the answers of frameworks, and which are down.',
      authorization: 'Machines that somebody may not view are left out.',
    },
    '/quota': {
      summary: 'Tells, sets and removes quotas.',
      description: [
        'GET lists them; POST {"role": "ROLE", "guarantee": [...], "force": false} sets one; DELETE /quota/ROLE removes it.',
      ],
      authorization: 'Takes leave for get_quotas or update_quotas.',
    },
    '/redirect': { summary: 'Sends the caller to the master that leads: to this one.' },
    '/reserve': operation('Reserves resources of an agent for a role.', 'resources', 'reserve_resources'),
    '/roles': {
      summary: 'Lists roles with their weights, quotas, resources and frameworks.',
      authorization: FILTERED,
    },
    '/slaves': {
      summary: 'Lists agents and their resources.',
      description: ['Query parameters:', '', '    slave_id=VALUE       Only this one.'],
    },
    '/state': {
      summary: 'Tells everything: agents, frameworks, executors and tasks.',
      description: [
        'In a large cluster /state-summary, /tasks?limit=N and the event stream of /api/v1 cost less.',
      ],
      authorization: FILTERED,
    },
    '/state-summary': {
      summary: 'Tells agents and frameworks with the number of their tasks in each state.',
      authorization: FILTERED,
    },
    '/tasks': {
      summary: 'Lists tasks, the oldest or the newest first.',
      description: [
        'Query parameters:',
        '',
        '    limit=VALUE          At most so many; 100 unless told, -1 for all.',
        '    offset=VALUE         Begins after so many.',
        '    order=(asc|desc)     By the time of the first status; desc unless told.',
        '    framework_id=VALUE   Only of this framework.',
        '    task_id=VALUE        Only with this id.',
      ],
      authorization: FILTERED,
    },
    '/teardown': {
      summary: 'Ends a framework with all its tasks and executors.',
      description: ['The body is a form: frameworkId=ID.'],
      authorization: 'Takes leave for teardown_frameworks.',
    },
    '/unreserve': operation('Gives reserved resources back.', 'resources', 'unreserve_resources'),
    '/weights': {
      summary: 'Tells or changes the weights of roles.',
      description: ['GET lists them; PUT [{"role": "ROLE", "weight": 2.0}, ...] changes those it names.'],
      authorization: 'Changes take leave for update_weights; what somebody may not view is left out.',
    },
  },
  'registrar(1)': {
    '/registry': { summary: 'Tells what outlives the master: agents, machines, quotas and weights.' },
  },
};
