import { createApp, previewNewApp } from '../feeds/marathon-calls.ts';
import { EditDefinition } from './edit-definition.tsx';

const EXAMPLE = { id: '/my-app', cmd: 'sleep 3600', cpus: 0.1, mem: 32, instances: 1 };

/** A new app from its definition. */
export const NewApp = ({ onClose }: { onClose: () => void }) => (
  <EditDefinition
    title="New app"
    initial={EXAMPLE}
    preview={previewNewApp}
    deploy={createApp}
    onClose={onClose}
    isChange={false}
  />
);
