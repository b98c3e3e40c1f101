/** What does not hold ends the run; the message is what a person reads first. */
export const insist = (holds: boolean, complaint: () => string): void => {
  if (!holds) throw new Error(complaint());
};
