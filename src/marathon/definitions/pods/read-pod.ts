import { checkSchema } from '../check-schema.ts';
import { POD_SCHEMA } from '../json-schema.ts';
import { emptyIdViolations } from '../rules/id-rules.ts';
import { tidyDocument } from '../tidy-document.ts';
import { refuseInvalid } from '../violation.ts';
import type { PodInput } from './pod-input.ts';

/** Reads a whole pod: there are no updates of some of its fields. Throws InvalidDocument. */
export const readPod = async (document: unknown): Promise<PodInput> => {
  const tidied = tidyDocument(POD_SCHEMA, document);
  await checkSchema('pod', tidied);
  const pod = trusted(tidied);
  refuseInvalid(emptyIdViolations(pod.id));
  return pod;
};

/** The schema has spoken: what it let pass has the type that is generated from it. */
const trusted = (tidied: unknown): PodInput => tidied as PodInput;
