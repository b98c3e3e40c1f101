type Style = (text: string) => string;

/** The few styles that output has. Each stands beside a word that says the same, for those who see no colours. */
export interface Paint {
  readonly heading: Style;
  readonly good: Style;
  readonly bad: Style;
  readonly busy: Style;
  readonly faint: Style;
  /** To tell apart what stands side by side. */
  readonly series: readonly Style[];
}

const plain: Style = (text) => text;

export const PLAIN: Paint = {
  heading: plain,
  good: plain,
  bad: plain,
  busy: plain,
  faint: plain,
  series: [plain],
};

/** Loads colours only where they are shown. */
export const createPaint = async (hasColor: boolean): Promise<Paint> => {
  if (!hasColor) return PLAIN;
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level: 1 });
  const series = [chalk.cyan, chalk.magenta, chalk.yellow, chalk.green, chalk.blue];
  return {
    heading: chalk.bold,
    good: chalk.green,
    bad: chalk.red,
    busy: chalk.yellow,
    faint: chalk.dim,
    series,
  };
};
