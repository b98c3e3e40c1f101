import type { ComponentChildren } from 'preact';

export type Tone = 'good' | 'busy' | 'bad' | 'quiet';

interface StatusProps {
  readonly tone: Tone;
  readonly title?: string;
  readonly children: ComponentChildren;
}

/** A state as a word with a coloured mark; never the colour alone. */
export const Status = ({ tone, title, children }: StatusProps) => (
  <span class={`status ${tone}`} {...(title ? { title } : {})}>
    {children}
  </span>
);
