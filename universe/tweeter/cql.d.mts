/** Rows by column. Values are text: select others with CAST(… AS text). */
export type CqlRow = Record<string, string | null>;

export interface CqlConnection {
  /** Runs a statement at the consistency ONE; `values` stand for its question marks, of columns of text. */
  query(statement: string, values?: readonly string[]): Promise<CqlRow[]>;
  close(): void;
  readonly isOpen: boolean;
}

/** Connects to a node of Cassandra at HOST:PORT. Rejects when it asks for a password. */
export function connect(address: string): Promise<CqlConnection>;
