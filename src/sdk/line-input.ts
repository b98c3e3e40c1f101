import type { Offer, OfferOperation, TaskStatus } from '../mesos/generated/mesos.ts';
import type { Event } from '../mesos/generated/scheduler.ts';

/** What a scheduler hears of its master, as an input of its logic. */
export type LineInput =
  | { readonly type: 'subscribed'; readonly frameworkId: string }
  | { readonly type: 'offers'; readonly offers: readonly Offer[] }
  | { readonly type: 'update'; readonly status: TaskStatus };

/** For schedulers that answer offers at once, so that there is none to rescind; everything about tasks comes as updates. */
export const lineInputOf = (event: Event): LineInput | undefined => {
  switch (event.type) {
    case 'SUBSCRIBED':
      return { type: 'subscribed', frameworkId: event.subscribed.framework_id.value };
    case 'OFFERS':
      return { type: 'offers', offers: event.offers.offers ?? [] };
    case 'UPDATE':
      return { type: 'update', status: event.update.status };
    default:
      return undefined;
  }
};

/** The tasks that operations on an offer launch one by one, by id. */
export const launchedTaskIds = (operations: readonly OfferOperation[] = []): string[] =>
  operations.flatMap((operation) =>
    operation.type === 'LAUNCH'
      ? (operation.launch.task_infos ?? []).map(({ task_id }) => task_id.value)
      : [],
  );
