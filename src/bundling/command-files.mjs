import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from './options.mjs';

const FOLDER = join(root, 'commands');

/** Every command: its id, its file from the project's folder, and the topic that it belongs to. */
export function listCommands() {
  return filesBelow(FOLDER).map((path) => {
    const inside = relative(FOLDER, path);
    const id = inside
      .replace(/\.ts$/, '')
      .replace(/\/index$/, '')
      .replaceAll('/', ':');
    return { id, file: relative(root, path), topic: inside.includes('/') ? inside.split('/')[0] : 'none' };
  });
}

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.name.endsWith('.ts') ? [path] : [];
  });
}
