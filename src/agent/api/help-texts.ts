import { COMMON_HELP } from '../../mesos/v0/help/common-help.ts';
import type { HelpTexts } from '../../mesos/v0/help/endpoint-help.ts';

/** What `/help` of an agent tells. */
export const AGENT_HELP: HelpTexts = {
  ...COMMON_HELP,
  'slave(1)': {
    '/api/v1': {
      summary: 'Takes the calls of the v1 operator API.',
      description: [
        'POST a call in JSON or protobuf, with its type in Content-Type, and the type that is wanted in Accept.',
        'Nested containers are launched, attached to, waited for and killed here.',
      ],
      authorization:
        'Each call takes leave for its own action; what somebody may not view is left out of answers.',
    },
    '/api/v1/executor': {
      summary: 'Takes the calls of executors.',
      description: ['POST SUBSCRIBE to be answered with a stream of events; other calls are answered 202.'],
    },
    '/api/v1/resource_provider': {
      summary: 'Is there for resource providers to subscribe at.',
      description: ['This agent takes none: whoever calls is answered 503.'],
    },
    '/containerizer/debug': {
      summary: 'Lists what containerizers are waiting for.',
      authorization: 'Takes leave for get_endpoints.',
    },
    '/containers': {
      summary: 'Lists containers with their status and what they use.',
      description: [
        'Query parameters:',
        '',
        '    container_id=VALUE      Only this one.',
        '    show_nested=true        Those inside of others as well.',
        '    show_standalone=true    Those that belong to no framework as well.',
      ],
      authorization: 'Takes leave for get_endpoints; containers that somebody may not view are left out.',
    },
    '/flags': {
      summary: 'Tells the flags that the agent was started with.',
      authorization: 'Takes leave for view_flags.',
    },
    '/health': { summary: 'Answers 200 while the agent works.', isOpen: true },
    '/monitor/statistics': {
      summary: 'Tells what the containers of executors use.',
      authorization: 'Takes leave for get_endpoints; containers that somebody may not view are left out.',
    },
    '/state': {
      summary: 'Tells everything: resources, frameworks, executors and tasks.',
      authorization: 'What somebody may not view is left out.',
    },
  },
};
