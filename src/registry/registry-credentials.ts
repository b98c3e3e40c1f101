/** How one shows a registry who it is. */
export type Credentials =
  | { readonly type: 'password'; readonly username: string; readonly password: string }
  /** What an earlier login got in place of a password. */
  | { readonly type: 'identity-token'; readonly token: string };
