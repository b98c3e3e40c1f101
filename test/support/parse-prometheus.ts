/** A sample of a scrape. */
export interface ScrapedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LINE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(,|$)/y;

/**
 * Reads the text format of Prometheus, version 0.0.4, and insists on all that its specification does: one HELP and one TYPE per
 * family, before its samples, which stand together; unique label sets; a line feed at the end; counters that end in `_total`.
 */
export const parsePrometheus = (text: string): ScrapedSample[] => {
  if (!text.endsWith('\n')) throw new Error('The last line does not end');
  const families = new Map<string, string>();
  const seen = new Set<string>();
  const samples: ScrapedSample[] = [];
  let current = '';
  let helped = '';
  for (const line of text.slice(0, -1).split('\n')) {
    const [, kind, family = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
    if (kind === 'HELP') {
      if (!NAME.test(family) || families.has(family)) throw new Error(`A second or bad family: ${line}`);
      helped = family;
    } else if (kind === 'TYPE') {
      if (helped !== family || !['counter', 'gauge'].includes(rest))
        throw new Error(`Not after HELP: ${line}`);
      if ((rest === 'counter') !== family.endsWith('_total') && rest === 'counter') {
        throw new Error(`A counter by another name: ${line}`);
      }
      families.set(family, rest);
      current = family;
    } else {
      const sample = parseSample(line);
      if (sample.name !== current) throw new Error(`Outside of its family: ${line}`);
      const key = `${sample.name} ${JSON.stringify(Object.entries(sample.labels).sort())}`;
      if (seen.has(key)) throw new Error(`Twice: ${line}`);
      seen.add(key);
      samples.push(sample);
    }
  }
  return samples;
};

const parseSample = (line: string): ScrapedSample => {
  const [, name, labelText = '', valueText = ''] = LINE.exec(line) ?? [];
  if (name === undefined) throw new Error(`Not a sample: ${line}`);
  const labels: Record<string, string> = {};
  for (LABEL.lastIndex = 0; LABEL.lastIndex < labelText.length; ) {
    const [, label, value = ''] = LABEL.exec(labelText) ?? [];
    if (label === undefined || label in labels) throw new Error(`Bad labels: ${line}`);
    labels[label] = value.replaceAll(/\\(.)/g, (_all, one: string) => (one === 'n' ? '\n' : one));
  }
  const value = Number(valueText.replace('Inf', 'Infinity'));
  if (Number.isNaN(value) && valueText !== 'NaN') throw new Error(`Not a value: ${line}`);
  return { name, labels, value };
};
