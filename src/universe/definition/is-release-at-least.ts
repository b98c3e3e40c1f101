/**
 * Whether a release of DC/OS is at least as new as a package asks for (reference 1.3): numbers are compared part by part,
 * missing ones count as 0 (1.9 is 1.9.0), and what follows a hyphen does not count (1.10-beta1 is 1.10). What is no
 * release at all is not judged.
 */
export const isReleaseAtLeast = (release: string, minimum: string): boolean => {
  const [parts, wanted] = [partsOf(release), partsOf(minimum)];
  if (parts === undefined || wanted === undefined) return true;
  for (let index = 0; index < Math.max(parts.length, wanted.length); index++) {
    const difference = (parts[index] ?? 0) - (wanted[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
};

const partsOf = (text: string): number[] | undefined => {
  const [numbers = ''] = text.split('-', 1);
  return /^\d+(\.\d+)*$/.test(numbers) ? numbers.split('.').map(Number) : undefined;
};
