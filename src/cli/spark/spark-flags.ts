import { string } from '@oclif/core/flags';

/** Which service the commands of spark speak to. */
export const sparkServiceFlag = string({
  description: 'Name of the service; default: spark',
  default: 'spark',
  helpValue: 'NAME',
});
