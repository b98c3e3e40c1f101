import { send } from '../../http/respond.ts';
import type { Exchange, Router } from '../../http/router.ts';
import { sendJsonp } from '../../http/send-jsonp.ts';
import { listContainers } from './containers/list-containers.ts';
import type { OperatorApiOptions } from './operator-api.ts';
import { type Permission, permissionOf } from './permission.ts';
import { stateJson } from './state-json.ts';
import type { RunUsage } from './statistics.ts';
import { userOfRun } from './visible-state.ts';

/** The v0 reads of an agent (mesos.md 3.10), also under its process id. As in Mesos they answer whatever the method is. */
export const addReads = (router: Router, options: OperatorApiOptions): void => {
  const { core, facts, usages } = options;
  const permission = ({ request }: Exchange): Permission => permissionOf(options.acls, request);
  for (const prefix of ['', '/slave(1)']) {
    for (const suffix of ['', '.json']) {
      router.on('*', `${prefix}/state${suffix}`, (exchange) =>
        sendJsonp(exchange, stateJson(core, facts, permission(exchange))),
      );
      router.on('*', `${prefix}/monitor/statistics${suffix}`, async (exchange) => {
        const allowed = permission(exchange);
        allowed.demand('get_endpoints', '/monitor/statistics');
        const shown = (await usages()).filter(isRunShown(options, allowed));
        await sendJsonp(exchange, shown.map(statisticsEntry));
      });
    }
    router.on('*', `${prefix}/containers`, (exchange) =>
      sendContainers(exchange, options, permission(exchange)),
    );
    router.on('*', `${prefix}/containerizer/debug`, (exchange) => {
      permission(exchange).demand('get_endpoints', '/containerizer/debug');
      return sendJsonp(exchange, { pending: [] });
    });
    router.on('*', `${prefix}/health`, ({ response }) => send(response, 200));
    router.on('*', `${prefix}/flags`, (exchange) => {
      permission(exchange).demand('view_flags');
      return sendJsonp(exchange, { flags: facts.flags });
    });
  }
};

const isRunShown =
  ({ core }: OperatorApiOptions, { may }: Permission) =>
  ({ run }: RunUsage): boolean =>
    may('view_containers', userOfRun(core.state, run));

const statisticsEntry = ({ run, statistics }: RunUsage): object => ({
  executor_id: run.record.executorId,
  executor_name: run.record.info.name ?? '',
  framework_id: run.record.frameworkId,
  source: run.record.info.source ?? '',
  statistics,
});

const sendContainers = async (
  exchange: Exchange,
  options: OperatorApiOptions,
  allowed: Permission,
): Promise<void> => {
  allowed.demand('get_endpoints', '/containers');
  const wanted = exchange.query.get('container_id');
  const isWanted = (id: string): boolean => wanted === null || wanted === id;
  const shown = (await options.usages())
    .filter(({ run }) => isWanted(run.record.id))
    .filter(isRunShown(options, allowed));
  const others = otherContainers(exchange, options, allowed);
  await sendJsonp(exchange, [
    ...shown.map(containerEntry),
    ...others.filter(({ container_id }) => isWanted(container_id)),
  ]);
};

/** Containers in containers, and those by themselves, where somebody asks for them: they belong to no executor's usage. */
const otherContainers = ({ query }: Exchange, { core, now }: OperatorApiOptions, { may }: Permission) => {
  const isWanted = (name: string): boolean => query.get(name) === 'true';
  const get_containers = {
    show_nested: isWanted('show_nested'),
    show_standalone: isWanted('show_standalone'),
  };
  const { get_containers: found } = listContainers({ type: 'GET_CONTAINERS', get_containers }, core, now(), {
    usages: [],
    may,
  });
  return (found?.containers ?? []).map(({ container_id, container_status, resource_statistics }) => ({
    container_id: container_id.value,
    status: container_status,
    statistics: resource_statistics,
  }));
};

const containerEntry = (usage: RunUsage): object => ({
  container_id: usage.run.record.id,
  ...statisticsEntry(usage),
  status: {
    container_id: { value: usage.run.record.id },
    ...(usage.pid === undefined ? {} : { executor_pid: usage.pid }),
    ...usage.status,
  },
});
