import { mkdirSync } from 'node:fs';
import { ClusterError } from './cluster-error.ts';
import type { ClusterFolder } from './cluster-folder.ts';
import { readJsonFile, writeJsonFile } from './durable-file.ts';

/** The servers of the control plane that have a port each. */
export const SERVERS = ['gateway', 'master', 'marathon', 'packages'] as const;
export type ServerName = (typeof SERVERS)[number];

export interface AgentRecord {
  /** agent-1, agent-2, …: names its folders and files. */
  readonly name: string;
  /** Address it listens on and is known under. */
  readonly host: string;
  /** Missing until it listened for the first time. */
  readonly port?: number;
  /** Given by the master at its first registration. */
  readonly id?: string;
  /** What it advertises, in Mesos' text syntax. */
  readonly resources: string;
}

/** What a cluster is, whether it runs or not: all that `plenum up` needs to start it as it was. */
export interface ClusterRecord {
  readonly format: 1;
  readonly name: string;
  /** A version 4 UUID. */
  readonly id: string;
  readonly host: string;
  /** Further names under which it is reached. */
  readonly hostnames?: readonly string[];
  /** Whether it has TLS and asks who is calling; missing: no, and then nobody but this machine reaches it. */
  readonly isSecured?: boolean;
  /** Ports that were had; those that never were are missing. */
  readonly ports: Readonly<Partial<Record<ServerName, number>>>;
  readonly agents: readonly AgentRecord[];
  /** Whether the master kills tasks for guarantees; missing: no. */
  readonly preemption?: boolean;
  /** Who may do what, as JSON or the path of a file; missing: whoever is let in everything. */
  readonly acls?: string;
  /** What all agents are told besides, such as `--docker_registry URL`; missing: nothing. */
  readonly agentArguments?: readonly string[];
}

/** The cluster's record, or undefined when there is no such cluster. Throws ClusterError when it is damaged. */
export const readRecord = (folder: ClusterFolder): ClusterRecord | undefined => {
  let value: unknown;
  try {
    value = readJsonFile(folder.recordFile);
  } catch (error) {
    throw damaged(folder, error);
  }
  if (value === undefined) return undefined;
  if (!isRecord(value)) throw damaged(folder);
  return value;
};

export const writeRecord = (folder: ClusterFolder, record: ClusterRecord): void => {
  mkdirSync(folder.path, { recursive: true });
  writeJsonFile(folder.recordFile, record);
};

/** Where a part of the cluster listens. */
export const urlAt = ({ isSecured }: ClusterRecord, host: string, port: number): string => {
  const printed = host === '0.0.0.0' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `${isSecured ? 'https' : 'http'}://${printed}:${port}`;
};

const damaged = ({ name, recordFile }: ClusterFolder, cause?: unknown): ClusterError =>
  new ClusterError('failed', `The record of cluster ${name} is damaged: ${recordFile}`, {
    hint: `Repair it, or forget the cluster with plenum down --purge --name ${name}`,
    cause,
  });

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isRecord = (value: unknown): value is ClusterRecord =>
  isObject(value) &&
  value.format === 1 &&
  typeof value.name === 'string' &&
  typeof value.id === 'string' &&
  typeof value.host === 'string' &&
  isObject(value.ports) &&
  Object.values(value.ports).every(isPort) &&
  Array.isArray(value.agents) &&
  value.agents.every(isAgentRecord) &&
  (value.isSecured === undefined || typeof value.isSecured === 'boolean') &&
  (value.hostnames === undefined || isTexts(value.hostnames)) &&
  (value.agentArguments === undefined || isTexts(value.agentArguments)) &&
  (value.acls === undefined || typeof value.acls === 'string') &&
  (value.preemption === undefined || typeof value.preemption === 'boolean');

const isTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((text) => typeof text === 'string');

const isAgentRecord = (value: unknown): value is AgentRecord =>
  isObject(value) &&
  typeof value.name === 'string' &&
  typeof value.host === 'string' &&
  typeof value.resources === 'string' &&
  (value.port === undefined || isPort(value.port)) &&
  (value.id === undefined || typeof value.id === 'string');

const isPort = (value: unknown): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 65_536;
