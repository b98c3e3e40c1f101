import type { CapabilityInfo, CapabilityInfoCapability, ContainerInfo } from '../../mesos/generated/mesos.ts';
import { findHostPrograms, requireProgram } from '../processes/host-programs.ts';
import { setprivMounts } from '../processes/setpriv-inside.ts';
import type { Capabilities, IsolatorFactory } from './isolator.ts';

/**
 * linux/capabilities: what a container's processes may do of what root may. The task says so in its LinuxInfo, or the agent
 * for all with --effective_capabilities and --bounding_capabilities, which tasks may not go beyond.
 */
export const linuxCapabilities: IsolatorFactory = ({ flags }) => {
  const setpriv = requireProgram(findHostPrograms(), 'setpriv');
  if (process.getuid?.() !== 0) throw new Error('only root may change capabilities');
  const defaults = {
    effective: readFlag('effective_capabilities', flags.effective_capabilities),
    bounding: readFlag('bounding_capabilities', flags.bounding_capabilities),
  };
  const capabilitiesOf = (container: ContainerInfo | undefined): Capabilities | undefined => {
    const { effective_capabilities, bounding_capabilities, capability_info } = container?.linux_info ?? {};
    const bounding = namesOf(bounding_capabilities) ?? defaults.bounding;
    const effective =
      namesOf(effective_capabilities) ?? namesOf(capability_info) ?? defaults.effective ?? bounding;
    if (effective === undefined && bounding === undefined) return undefined;
    refuseBeyond(effective, bounding, 'bounding capabilities');
    refuseBeyond(bounding ?? effective, defaults.bounding, "agent's bounding capabilities");
    return {
      ...(effective === undefined ? {} : { effective }),
      ...(bounding === undefined ? {} : { bounding }),
    };
  };
  return {
    name: 'linux/capabilities',
    rights: ({ container }) => {
      try {
        const capabilities = capabilitiesOf(container);
        return capabilities ? { capabilities } : {};
      } catch {
        // It was started when the agent allowed more.
        return defaults.bounding ? { capabilities: { bounding: defaults.bounding } } : {};
      }
    },
    prepare: async ({ container, rootfs }) => {
      const capabilities = capabilitiesOf(container);
      if (!capabilities) return undefined;
      return { capabilities, mounts: rootfs === undefined ? [] : setprivMounts(setpriv) };
    },
  };
};

const namesOf = (info: CapabilityInfo | undefined): CapabilityInfoCapability[] | undefined => {
  if (info === undefined) return undefined;
  const names = info.capabilities ?? [];
  if (names.includes('UNKNOWN')) throw new Error('A capability is not known');
  return names;
};

const refuseBeyond = (
  wanted: readonly string[] | undefined,
  allowed: readonly string[] | undefined,
  whose: string,
): void => {
  const beyond = wanted?.filter((name) => allowed && !allowed.includes(name)) ?? [];
  if (beyond.length > 0) throw new Error(`${beyond.join(', ')} cannot be had: not among the ${whose}`);
};

/** As Mesos has it: {"capabilities": ["NET_RAW", …]}. */
const readFlag = (name: string, text: string | undefined): CapabilityInfoCapability[] | undefined => {
  if (text === undefined) return undefined;
  try {
    const value: CapabilityInfo = JSON.parse(text);
    const names = namesOf(value) ?? [];
    if (Array.isArray(names) && names.every((each) => typeof each === 'string')) return names;
  } catch {
    // Told below.
  }
  throw new Error(`--${name}: has to be of the form {"capabilities": ["NET_RAW"]}`);
};
