import type { IncomingMessage } from 'node:http';
import type { AppDefinition } from '../definitions/app.ts';
import { refuseInvalid } from '../definitions/violation.ts';
import type { DeploymentPlan, RootUpdate } from '../engine.ts';
import type { RootGroup } from '../groups/root-group.ts';
import { rootViolations } from '../groups/root-violations.ts';
import { stampVersions } from '../groups/stamp-versions.ts';
import type { ApiContext } from './api-context.ts';
import type { ApiEvent } from './event-hub.ts';
import { appJson } from './json/app-json.ts';

export interface RootChange extends RootUpdate {
  /** Whose request it is and which apps it gives, for those who watch the events. */
  readonly posted?: { readonly request: IncomingMessage; readonly ids: readonly string[] };
  /** Told to those who watch the events, too, once the change is durable. */
  readonly announced?: readonly ApiEvent[];
}

/**
 * Has the engine make a change, checked as a whole (marathon.md 3.3). Rejects with whatever `change` throws, with
 * InvalidDocument, or with what the engine refuses; then nothing has changed.
 */
export const changeRoot = async (
  { engine, events }: ApiContext,
  { posted, announced: alsoAnnounced = [], ...update }: RootChange,
): Promise<DeploymentPlan> => {
  let announced: { version: string; requests: ApiEvent[] } | undefined;
  const announce = (after: RootGroup, version: string): void => {
    const apps = posted?.ids.flatMap((id) => after.apps.get(id) ?? []) ?? [];
    const posts = posted ? apps.map((app) => postEvent(posted.request, app)) : [];
    if (posts.length + alsoAnnounced.length === 0) return;
    announced = { version, requests: [...posts, ...alsoAnnounced] };
    events.announce(version, announced.requests);
  };
  try {
    return await engine.updateRoot({ ...update, change: checked(update, announce) });
  } catch (error) {
    if (announced) events.retract(announced.version, announced.requests);
    throw error;
  }
};

/** The plan that a change would have, and the root group that would come of it. Throws what `change` throws. */
export const previewChange = (
  { engine }: ApiContext,
  update: RootUpdate,
): { plan: DeploymentPlan; after: RootGroup } => {
  const before = engine.root;
  let after = before;
  const keep = (changed: RootGroup, version: string): void => {
    after = stampVersions(before, changed, version, { keepsOnLabels: update.keepsOnLabels ?? false });
  };
  const plan = engine.previewUpdate({ ...update, change: checked(update, keep) });
  return { plan, after };
};

const checked =
  ({ change }: RootUpdate, onAccepted?: (after: RootGroup, version: string) => void): RootUpdate['change'] =>
  (root, version) => {
    const after = change(root, version);
    refuseInvalid(rootViolations(root, after));
    onAccepted?.(after, version);
    return after;
  };

/** An event that says who asked for what. */
export const requestEvent = (eventType: string, request: IncomingMessage): ApiEvent => ({
  eventType,
  clientIp: request.socket.remoteAddress ?? '',
  uri: request.url ?? '',
});

const postEvent = (request: IncomingMessage, app: AppDefinition): ApiEvent => ({
  ...requestEvent('api_post_event', request),
  appDefinition: appJson(app),
});
