/** What the master's v0 reads answer (mesos.md 3.9), as far as the dashboard shows it. */

export interface TaskStatus {
  readonly state: string;
  /** Seconds since the epoch. */
  readonly timestamp: number;
  readonly message?: string;
  readonly healthy?: boolean;
  readonly container_status?: {
    readonly container_id?: { readonly value: string; readonly parent?: { readonly value: string } };
    readonly network_infos?: readonly {
      readonly ip_addresses?: readonly { readonly ip_address?: string }[];
    }[];
  };
}

export interface TaskDetail {
  readonly id: string;
  readonly name: string;
  readonly framework_id: string;
  /** Empty for a task that its command runs. */
  readonly executor_id: string;
  readonly slave_id: string;
  readonly state: string;
  readonly resources: Readonly<Record<string, number | string>>;
  readonly role?: string;
  readonly user?: string;
  readonly labels?: readonly { readonly key: string; readonly value?: string }[];
  readonly statuses: readonly TaskStatus[];
}

type Amounts = Readonly<Record<string, number>>;

export interface Role {
  readonly name: string;
  readonly weight: number;
  readonly frameworks: readonly string[];
  readonly quota?: { readonly guarantee?: Amounts; readonly limit?: Amounts; readonly consumed?: Amounts };
  readonly allocated?: Amounts;
  readonly reserved?: Amounts;
}
