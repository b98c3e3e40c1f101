import type { Answer, MarathonEffect, Probe, ProbeResult } from '../../marathon/core/effect.ts';
import { frameworkInfo } from '../../marathon/core/framework-info.ts';
import { appIdOf, instanceIdOf } from '../../marathon/core/ids.ts';
import type { MarathonInput } from '../../marathon/core/input.ts';
import { loadState } from '../../marathon/core/load-state.ts';
import { MarathonCore } from '../../marathon/core/marathon-core.ts';
import { DEFAULT_SETTINGS, type MarathonSettings } from '../../marathon/core/settings.ts';
import type { MarathonState } from '../../marathon/core/state.ts';
import { queueView } from '../../marathon/core/views.ts';
import type { AppInput } from '../../marathon/definitions/app-input.ts';
import { DEFAULT_DEFINITION_SETTINGS } from '../../marathon/definitions/definition-settings.ts';
import { ROOT } from '../../marathon/definitions/path-id.ts';
import { refuseInvalid } from '../../marathon/definitions/violation.ts';
import type { QueueItem } from '../../marathon/engine.ts';
import { placeApps } from '../../marathon/groups/place-apps.ts';
import { putApp, type RootGroup } from '../../marathon/groups/root-group.ts';
import { rootViolations } from '../../marathon/groups/root-violations.ts';
import type { Event } from '../../mesos/generated/scheduler.ts';
import { errorMessage } from '../../runtime/error-message.ts';
import { memoryStore } from '../../store/memory-store.ts';
import type { TimerEffect } from '../../store/turn-runner.ts';
import { SyncRunner } from '../harness/sync-runner.ts';
import type { Tally } from '../report/ledger.ts';
import type { MarathonPlan } from '../scenario/scenario.ts';
import { AppJournal } from './app-journal.ts';
import { SchedulerLine } from './scheduler-line.ts';
import type { World } from './world.ts';

const PROBE_MS = 5;

type Effect = Exclude<MarathonEffect, TimerEffect>;
type TimerName = Extract<MarathonEffect, { type: 'set-timer' }>['timer'];

/** An app as it was read: everything but its defaults. */
export type ReadApp = AppInput & { id: string };

/** The real logic of Marathon, on virtual time, over a virtual line to the master. */
export class VirtualMarathon {
  readonly #world: World;
  readonly #settings: MarathonSettings;
  readonly #core: MarathonCore;
  readonly #runner: SyncRunner<MarathonInput, Effect, TimerName>;
  readonly #line: SchedulerLine;
  readonly #journal: AppJournal;
  readonly #isUp: (hostname: string) => boolean;
  readonly #answers = new Map<number, (answer: Answer) => void>();

  constructor(world: World, plan: MarathonPlan, isUp: (hostname: string) => boolean) {
    this.#world = world;
    this.#isUp = isUp;
    this.#settings = {
      ...DEFAULT_SETTINGS,
      frameworkName: plan.name,
      mesosRole: plan.role,
      user: 'simulation',
      hostname: 'marathon',
      webuiUrl: 'http://marathon',
    };
    const store = memoryStore();
    this.#core = new MarathonCore({
      state: loadState(store, world.clock.now()),
      settings: this.#settings,
      random: world.random('marathon'),
    });
    this.#journal = new AppJournal(world, (appId) => this.#tally(appId));
    this.#runner = new SyncRunner<MarathonInput, Effect, TimerName>({
      core: this.#core,
      store,
      clock: world.clock,
      onTimer: (timer) => ({ type: 'timer', timer }),
      perform: (effect) => this.#perform(effect),
    });
    const { state } = this.#core;
    this.#line = new SchedulerLine({
      world,
      name: plan.name,
      frameworkInfo: () =>
        frameworkInfo(this.#settings, { frameworkId: undefined, roles: state.master.initialRoles }),
      suppressedRoles: () => state.master.initialRoles,
      onEvent: (event) => this.#hear(event),
      onClosed: () => this.#runner.handle({ type: 'disconnected' }),
    });
  }

  get frameworkId(): string | undefined {
    return this.#line.frameworkId;
  }

  get name(): string {
    return this.#settings.frameworkName;
  }

  get state(): MarathonState {
    return this.#core.state;
  }

  /** Apps with instances that wait, and what became of the offers. */
  queue(): QueueItem[] {
    return queueView(this.#core.state, this.#world.clock.now());
  }

  /** Tasks that were lost and are not back yet: where they were, by app. */
  displaced(): ReadonlyMap<string, readonly string[]> {
    return this.#journal.displaced();
  }

  /** Deploys the apps; `onRefused` hears what Marathon's API would answer when they are not taken. */
  start(apps: readonly ReadApp[], onRefused: (message: string) => void): void {
    this.#runner.handle({ type: 'started' });
    this.#line.open();
    const settings = { ...DEFAULT_DEFINITION_SETTINGS, mesosRole: this.#settings.mesosRole };
    this.#update(
      (root, version) =>
        placeApps(
          root,
          apps.map((input, index) => ({ input, base: ROOT, path: `/apps(${index})` })),
          { settings, version, force: false },
        ),
      onRefused,
    );
  }

  scale(appId: string, instances: number, onRefused: (message: string) => void): void {
    this.#update((root) => {
      const app = root.apps.get(appId);
      if (!app) throw new Error(`App '${appId}' does not exist`);
      return putApp(root, { ...app, instances });
    }, onRefused);
  }

  #update(
    change: (root: RootGroup, version: string) => RootGroup,
    onRefused: (message: string) => void,
  ): void {
    const requestId = this.#answers.size + 1;
    this.#answers.set(requestId, (answer) => {
      if (answer.type === 'refused') onRefused(errorMessage(answer.error));
    });
    const checked = (root: RootGroup, version: string): RootGroup => {
      const after = change(root, version);
      refuseInvalid(rootViolations(root, after));
      return after;
    };
    this.#runner.handle({ type: 'update-root', requestId, update: { force: true, change: checked } });
  }

  #hear(event: Event): void {
    // Whatever these offers launch has waited since then.
    if (event.type === 'OFFERS') this.#journal.noteQueue(this.#core.state.queue);
    if (event.type === 'UPDATE') {
      const { status } = event.update;
      const appId = appIdOf(instanceIdOf(status.task_id.value) ?? status.task_id.value);
      this.#journal.note(
        appId,
        status,
        this.#core.state.instances.get(instanceIdOf(status.task_id.value) ?? ''),
      );
    }
    this.#runner.handle({ type: 'master-event', event });
  }

  #tally(appId: string): Tally {
    const role = this.#core.state.root.apps.get(appId)?.role ?? this.#settings.mesosRole;
    return this.#world.ledger.tally(this.name, appId, role);
  }

  #perform(effect: Effect): void {
    switch (effect.type) {
      case 'call':
        if (!this.#line.send(effect.call)) {
          this.#world.clock.setTimer(1, () =>
            this.#runner.handle({ type: 'call-failed', call: effect.call }),
          );
        }
        break;
      case 'answer':
        this.#answers.get(effect.requestId)?.(effect.answer);
        break;
      case 'probe':
        this.#probe(effect.probe);
        break;
      case 'publish':
        break;
    }
  }

  /** Whatever runs on an agent that can be reached is healthy. */
  #probe({ target, purpose, timeoutMs }: Probe): void {
    const host = target.type === 'tcp' ? target.host : new URL(target.url).hostname;
    const isUp = this.#isUp(host);
    const result: ProbeResult = !isUp
      ? { type: 'failed', message: 'no answer' }
      : target.type === 'tcp'
        ? { type: 'connected' }
        : { type: 'http', status: 200, contentType: 'text/plain', body: '' };
    this.#world.clock.setTimer(isUp ? PROBE_MS : timeoutMs, () =>
      this.#runner.handle({ type: 'probe-result', purpose, result }),
    );
  }
}
