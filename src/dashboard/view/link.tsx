import type { ComponentChildren } from 'preact';
import { hrefTo } from '../model/route.ts';

/** A link to another place of the dashboard. */
export const Link = ({ to, children }: { to: readonly string[]; children: ComponentChildren }) => (
  <a href={hrefTo(to)}>{children}</a>
);
