import type { Resource } from '../mesos/generated/mesos.ts';

/**
 * What a master's v0 reads answer with (mesos.md 3.9), as far as clients look into it; the objects hold more and are
 * passed on whole.
 */

/** Amounts by name: numbers (mem and disk in MiB), and text for ranges and sets. */
export type ResourceSummary = Readonly<Record<string, number | string>>;

/** The master that leads; what it does not tell is empty. */
export interface MesosMaster {
  readonly id: string;
  /** master@IP:PORT */
  readonly pid: string;
  readonly hostname: string;
  readonly ip: string;
  readonly version: string;
  readonly region: string;
  readonly zone: string;
}

export interface MesosSlave {
  readonly id: string;
  readonly hostname: string;
  readonly port: number;
  /** slave(1)@IP:PORT */
  readonly pid: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly resources: ResourceSummary;
  readonly used_resources: ResourceSummary;
  readonly offered_resources: ResourceSummary;
  readonly reserved_resources: Readonly<Record<string, ResourceSummary>>;
  readonly unreserved_resources: ResourceSummary;
  readonly active: boolean;
  readonly deactivated?: boolean;
  readonly version: string;
  readonly drain_info?: { readonly state: string };
  readonly domain?: {
    readonly fault_domain?: {
      readonly region?: { readonly name: string };
      readonly zone?: { readonly name: string };
    };
  };
  /** With every detail, by role; of /slaves only. */
  readonly reserved_resources_full?: Readonly<Record<string, readonly Resource[]>>;
  readonly used_resources_full?: readonly Resource[];
}

export interface MesosTask {
  readonly id: string;
  readonly name: string;
  readonly framework_id: string;
  /** Empty for a task that its command runs. */
  readonly executor_id: string;
  readonly slave_id: string;
  readonly state: string;
  readonly resources: ResourceSummary;
  readonly role?: string;
  readonly user?: string;
  readonly statuses: readonly {
    readonly state: string;
    /** Seconds since the epoch. */
    readonly timestamp: number;
    readonly container_status?: {
      readonly container_id?: { readonly value: string; readonly parent?: { readonly value: string } };
    };
  }[];
}

export interface MesosFramework {
  readonly id: string;
  readonly name: string;
  readonly hostname: string;
  readonly webui_url?: string;
  readonly active: boolean;
  readonly connected: boolean;
  readonly user?: string;
  readonly principal?: string;
  readonly role?: string;
  readonly roles?: readonly string[];
  /** Of some that are gone it is not told. */
  readonly used_resources?: ResourceSummary;
  readonly resources?: ResourceSummary;
  readonly tasks?: readonly MesosTask[];
  readonly unreachable_tasks?: readonly MesosTask[];
  readonly completed_tasks?: readonly MesosTask[];
  readonly offers?: readonly MesosOffer[];
}

export interface MesosFrameworks {
  readonly frameworks: readonly MesosFramework[];
  readonly completed_frameworks: readonly MesosFramework[];
}

export interface MesosStateSummary {
  readonly hostname: string;
  readonly cluster?: string;
  readonly slaves: readonly (MesosSlave & { readonly framework_ids?: readonly string[] })[];
  readonly frameworks: readonly (MesosFramework & { readonly slave_ids?: readonly string[] })[];
}

export interface MesosQuota {
  readonly role: string;
  readonly guarantee: Readonly<Record<string, number>>;
  readonly limit: Readonly<Record<string, number>>;
  readonly consumed?: Readonly<Record<string, number>>;
}

export interface MesosRole {
  readonly name: string;
  readonly weight: number;
  readonly quota?: MesosQuota;
  readonly resources: ResourceSummary;
  readonly frameworks: readonly string[];
}

/** A machine by its name, its address or both. */
export interface MesosMachine {
  readonly hostname?: string;
  readonly ip?: string;
}

export interface MesosMaintenanceWindow {
  readonly machine_ids?: MesosMachine[];
  readonly unavailability: {
    readonly start: { readonly nanoseconds: number };
    readonly duration?: { readonly nanoseconds: number };
  };
}

export interface MesosMaintenanceSchedule {
  readonly windows?: readonly MesosMaintenanceWindow[];
}

export interface MesosMaintenanceStatus {
  readonly draining_machines?: readonly {
    readonly id: MesosMachine;
    readonly statuses?: readonly {
      readonly status: string;
      readonly framework_id: { readonly value: string };
    }[];
  }[];
  readonly down_machines?: readonly MesosMachine[];
}

export interface MesosOffer {
  readonly id: string;
  readonly framework_id: string;
  readonly slave_id: string;
  readonly resources: ResourceSummary;
}

/** An entry of a folder that the files API shows. */
export interface MesosFile {
  /** The whole path. */
  readonly path: string;
  readonly size: number;
  /** Seconds since the epoch. */
  readonly mtime: number;
  /** As `ls -l` writes it. */
  readonly mode: string;
  readonly nlink: number;
  readonly uid: string;
  readonly gid: string;
}
