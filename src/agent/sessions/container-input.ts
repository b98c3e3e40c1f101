import type { TTYInfoWindowSize } from '../../mesos/generated/mesos.ts';

/** The one connection that may say something to a container. */
export interface ContainerInput {
  /** Resolves when there is room for more. Rejects when nobody reads any more. */
  write(bytes: Buffer): Promise<void>;
  /** Ends the standard input of a command without a terminal; with one there is no such end. */
  endStdin(): void;
  /** Undefined for a container without a terminal. */
  readonly resize: ((size: TTYInfoWindowSize) => Promise<void>) | undefined;
  /** Lets another connection in. */
  release(): void;
  /** Resolves when the container has ended and all its output was passed on. */
  readonly over: Promise<void>;
}

/** A container whose output and input somebody outside can have. */
export interface Attachable<Sink> {
  /** Gives the function that ends it. */
  attachOutput(sink: Sink): () => void;
  /** Undefined while another connection has it. */
  openInput(): ContainerInput | undefined;
}
