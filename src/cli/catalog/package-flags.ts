import { string } from '@oclif/core/flags';

/** Flags of what renders a package. */
export const RENDER_FLAGS = {
  options: string({
    description:
      'A file or URL with options, JSON or YAML; - reads standard input; may be given several times, the later win',
    multiple: true,
    multipleNonGreedy: true,
    helpValue: 'FILE',
  }),
  set: string({
    description: 'One option, such as service.name=my-hdfs; may be given several times',
    multiple: true,
    multipleNonGreedy: true,
    helpValue: 'KEY=VALUE',
  }),
  'app-id': string({
    description: 'Id of the app, in place of the one that the package makes',
    helpValue: 'ID',
  }),
  'package-version': string({ description: 'Default: the newest', helpValue: 'VERSION' }),
};
