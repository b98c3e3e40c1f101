import { useState } from 'preact/hooks';
import { type QuotaAmounts, removeQuota, setQuota } from '../feeds/master-calls.ts';
import type { Role } from '../model/mesos.ts';
import { ServerError } from '../model/server-error.ts';
import { Confirm } from '../view/dialog.tsx';

const RESOURCES = [
  { name: 'cpus', title: 'CPU' },
  { name: 'mem', title: 'Memory (MiB)' },
  { name: 'disk', title: 'Disk (MiB)' },
  { name: 'gpus', title: 'GPU' },
] as const;
const SIDES = [
  { side: 'guarantee', title: 'guaranteed' },
  { side: 'limit', title: 'at most' },
] as const;

interface SetQuotaProps {
  readonly role: Role;
  readonly onChange: () => void;
  readonly onClose: () => void;
}

/** What a role is guaranteed and may have at most; an empty field sets nothing, all of them empty remove the quota. */
export const SetQuota = ({ role: { name, quota }, onChange, onClose }: SetQuotaProps) => {
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>({});
  const textOf = (side: 'guarantee' | 'limit', resource: string): string =>
    texts[`${side} ${resource}`] ?? String(quota?.[side]?.[resource] ?? '');
  const save = async (): Promise<void> => {
    const amounts = (side: 'guarantee' | 'limit'): QuotaAmounts =>
      Object.fromEntries(
        RESOURCES.flatMap((resource) => {
          const text = textOf(side, resource.name).trim();
          return text === '' ? [] : [[resource.name, amountOf(text, resource.title)]];
        }),
      );
    const [guarantees, limits] = [amounts('guarantee'), amounts('limit')];
    const isNothing = Object.keys({ ...guarantees, ...limits }).length === 0;
    await (isNothing ? removeQuota(name) : setQuota(name, { guarantees, limits }));
    onChange();
  };
  return (
    <Confirm title={`Quota of ${name}`} action="Set" onConfirm={save} onClose={onClose}>
      <div class="fields">
        {RESOURCES.flatMap(({ name: resource, title }) =>
          SIDES.map(({ side, title: sideTitle }) => (
            <label key={`${side} ${resource}`} class="field">
              <span>
                {title} {sideTitle}
              </span>
              <input
                inputMode="decimal"
                value={textOf(side, resource)}
                onInput={({ currentTarget }) =>
                  setTexts((earlier) => ({ ...earlier, [`${side} ${resource}`]: currentTarget.value }))
                }
              />
            </label>
          )),
        )}
      </div>
    </Confirm>
  );
};

const amountOf = (text: string, title: string): number => {
  const amount = Number(text);
  if (!(amount >= 0)) throw new ServerError(0, `${title}: '${text}' is no amount`);
  return amount;
};
