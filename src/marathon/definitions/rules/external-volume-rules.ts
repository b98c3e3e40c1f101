import type { AppDefinition } from '../app.ts';
import type { VolumeInput } from '../app-input.ts';
import type { DefinitionSettings } from '../definition-settings.ts';
import { isObject } from '../json-schema.ts';
import type { Violation } from '../violation.ts';
import { featureViolations, violationIf } from './rule.ts';

type External = NonNullable<VolumeInput['external']>;

export interface ExternalVolumePlace {
  readonly external: External;
  /** Of the volume. */
  readonly path: string;
  readonly app: AppDefinition;
  readonly settings: DefinitionSettings;
}

/** Volumes of dvdi and of CSI plugins (marathon.md 2.3.1). */
export const externalVolumeViolations = (place: ExternalVolumePlace): Violation[] => {
  const { external, path, settings } = place;
  const violations = featureViolations(true, 'external_volumes', path, settings);
  if (external.provider === 'dvdi') return [...violations, ...dvdiViolations(place)];
  if (external.provider === 'csi') return [...violations, ...csiViolations(place)];
  return [...violations, { path: `${path}/external/provider`, message: 'is unknown provider' }];
};

const DRIVER = 'dvdi/driver';
const DVDI_OPTION = /^[^/]+\/[^/]+$/;

const dvdiViolations = ({ external, path, app }: ExternalVolumePlace): Violation[] => {
  const isDocker = app.container?.type === 'DOCKER';
  const { size, shared, options = {} } = external;
  const optionPath = (key: string): string => `${path}/external/options/${key}`;
  return [
    ...violationIf(options[DRIVER] === undefined, optionPath(DRIVER), 'not defined'),
    ...Object.entries(options).flatMap(([key, value]) => [
      ...violationIf(!DVDI_OPTION.test(key), optionPath(key), 'must have the form <driver>/<option>'),
      ...violationIf(typeof value !== 'string', optionPath(key), 'error.expected.jsstring'),
      ...violationIf(isDocker && key !== DRIVER, optionPath(key), 'must be undefined for Docker containers'),
    ]),
    ...violationIf(
      isDocker && size !== undefined,
      `${path}/external/size`,
      'must be undefined for Docker containers',
    ),
    ...violationIf(
      app.instances > 1 && shared !== true,
      '/instances',
      `Number of instances is limited to 1 when declaring DVDI volumes in app [${app.id}]`,
    ),
  ];
};

const ACCESS_MODES = [
  'SINGLE_NODE_WRITER',
  'SINGLE_NODE_READER_ONLY',
  'MULTI_NODE_READER_ONLY',
  'MULTI_NODE_SINGLE_WRITER',
  'MULTI_NODE_MULTI_WRITER',
];

const csiViolations = ({ external, path, app }: ExternalVolumePlace): Violation[] => {
  const options = `${path}/external/options`;
  const { pluginName, capability, nodeStageSecret, nodePublishSecret, volumeContext } =
    external.options ?? {};
  const { accessMode, accessType, fsType, mountFlags } = isObject(capability) ? capability : {};
  return [
    ...violationIf(
      app.container?.type === 'DOCKER',
      path,
      'CSI volumes are not supported with Docker containerizer',
    ),
    ...violationIf(typeof pluginName !== 'string', `${options}/pluginName`, 'error.path.missing'),
    ...violationIf(!isObject(capability), `${options}/capability`, 'error.path.missing'),
    ...violationIf(
      isObject(capability) && !ACCESS_MODES.includes(String(accessMode)),
      `${options}/capability/accessMode`,
      'error.unknown.enum.literal',
    ),
    ...violationIf(
      isObject(capability) && accessType !== 'block' && accessType !== 'mount',
      `${options}/capability/accessType`,
      'error.unknown.enum.literal',
    ),
    ...violationIf(
      fsType !== undefined && typeof fsType !== 'string',
      `${options}/capability/fsType`,
      'error.expected.jsstring',
    ),
    ...violationIf(
      mountFlags !== undefined && !isListOfTexts(mountFlags),
      `${options}/capability/mountFlags`,
      'must be an array of strings',
    ),
    ...textsViolations(`${options}/volumeContext`, volumeContext),
    ...textsViolations(`${options}/nodeStageSecret`, nodeStageSecret),
    ...textsViolations(`${options}/nodePublishSecret`, nodePublishSecret),
    ...secretViolations(app, `${options}/nodeStageSecret`, nodeStageSecret),
    ...secretViolations(app, `${options}/nodePublishSecret`, nodePublishSecret),
  ];
};

const isListOfTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');

/** What is wrong about a map of names to texts that may be missing. */
const textsViolations = (path: string, value: unknown): Violation[] => {
  if (value === undefined) return [];
  if (!isObject(value)) return [{ path, message: 'error.expected.jsobject' }];
  return Object.entries(value).flatMap(([key, text]) =>
    violationIf(typeof text !== 'string', `${path}/${key}`, 'error.expected.jsstring'),
  );
};

const secretViolations = (app: AppDefinition, path: string, names: unknown): Violation[] =>
  Object.entries(isObject(names) ? names : {}).flatMap(([key, name]) =>
    violationIf(
      typeof name === 'string' && !Object.hasOwn(app.secrets, name),
      `${path}/${key}`,
      'volume.secret must refer to an existing secret',
    ),
  );
