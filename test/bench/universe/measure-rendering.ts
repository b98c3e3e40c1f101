import { decodeDefinition } from '../../../src/universe/definition/decode-definition.ts';
import { packDefinition } from '../../../src/universe/definition/packed-definition.ts';
import type { Json } from '../../../src/universe/json/json.ts';
import { renderPackage } from '../../../src/universe/render/render-package.ts';
import type { Figure } from '../figures.ts';
import { builtPackage } from './make-universe.ts';

const RUNS = 100;
const WARM_UP = 20;

/** From the packed definition to the app with its labels, user options judged: what a request for it takes. */
export const measureRendering = async (): Promise<Figure> => {
  const packed = await packDefinition(decodeDefinition(builtPackage(0) as Json));
  const values: number[] = [];
  for (let run = 0; run < WARM_UP + RUNS; run++) {
    const options = { 'section-1': { 'option-0': run } };
    const begun = performance.now();
    await renderPackage({ definition: packed.unpack(), options, source: 'bench' });
    if (run >= WARM_UP) values.push(performance.now() - begun);
  }
  return { what: 'rendering one package', unit: 'ms', values, aim: 'under 5 ms' };
};
