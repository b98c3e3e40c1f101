import { Command } from '@oclif/core/command';
import type { CliConfig } from './cli-config.ts';
import { createPaint } from './output/paint.ts';
import { shownOn } from './output/plain-text.ts';
import { type Column, formatTable } from './output/table.ts';
import type { Terminal } from './output/terminal.ts';

/** The class of a command, as it is exported from commands/. */
export type CommandClass = Omit<typeof BaseCommand, 'prototype'> &
  (new (
    argv: string[],
    config: CliConfig,
  ) => BaseCommand);

/**
 * What all commands share: they parse, have plain functions do the work, and print. Results go to standard output,
 * everything else goes to standard error.
 */
export abstract class BaseCommand extends Command {
  declare config: CliConfig;

  abstract override run(): Promise<void>;

  /** Runs a command class. Rejects with whatever it threw. */
  static async start(command: CommandClass, argv: string[], config: CliConfig): Promise<void> {
    await new command(argv, config)._run();
  }

  protected get terminal(): Terminal {
    return this.config.terminal;
  }

  /** Prints lines of a result. */
  protected print(text: string): void {
    const { out } = this.terminal;
    out.write(shownOn(out, text.endsWith('\n') ? text : `${text}\n`));
  }

  /** Prints what scripts read line by line; nothing when there is nothing. */
  protected printLines(lines: readonly string[]): void {
    const { out } = this.terminal;
    out.write(shownOn(out, lines.map((line) => `${line}\n`).join('')));
  }

  protected async printTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): Promise<void> {
    const { out } = this.terminal;
    this.print(formatTable(columns, rows, { output: out, paint: await createPaint(out.hasColor) }));
  }

  /** Tells something that is not the result. */
  protected note(text: string): void {
    const { err } = this.terminal;
    err.write(shownOn(err, text.endsWith('\n') ? text : `${text}\n`));
  }

  protected noteLines(lines: readonly string[]): void {
    for (const line of lines) this.note(line);
  }

  /** Nothing is printed here: `main` explains every error in one place. */
  protected override async catch(error: Error): Promise<void> {
    throw error;
  }
}
