import { resolve } from 'node:path';
import { string } from '@oclif/core/flags';
import { requiredArgument } from '../../src/cli/arguments.ts';
import { CliError } from '../../src/cli/errors/cli-error.ts';
import { JsonCommand } from '../../src/cli/json-command.ts';
import { loadSigningKey, passwordFileFlag } from '../../src/cli/universe/signing-flags.ts';
import { errorMessage } from '../../src/runtime/error-message.ts';
import { signFile } from '../../src/universe/signing/sign-file.ts';

export default class UniverseSign extends JsonCommand {
  static override summary = 'Sign a file of a repository, so that clusters can tell whose it is';
  static override description =
    `Writes FILE.minisig beside it, to be served from the same place. Clusters check it wherever the repository was added with plenum package repo add --verify NAME.pub, and so does minisign -V.
plenum universe build --sign signs all that it writes.`;
  static override examples = [
    '<%= config.bin %> universe sign universe.json --key team.key',
    '<%= config.bin %> universe sign universe.zip --key team.key --comment "release 7"',
  ];
  static override args = { file: requiredArgument('A built repository, or a zip or tar of one') };
  static override flags = {
    key: string({
      description: 'The key: made by plenum universe keygen, openssl (Ed25519) or minisign',
      helpValue: 'FILE',
      required: true,
    }),
    'password-file': passwordFileFlag,
    comment: string({
      description: 'What is signed along with it; default: the time, and the name of the file',
      helpValue: 'TEXT',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(UniverseSign);
    const key = await loadSigningKey(this.terminal, {
      file: flags.key,
      passwordFile: flags['password-file'],
    });
    const signature = await signFile(resolve(args.file), key, flags.comment).catch((error: unknown) => {
      throw new CliError('failed', `${args.file} cannot be signed: ${errorMessage(error)}`, { cause: error });
    });
    if (flags.json) this.printJson({ signature });
    else this.note(`Signed ${args.file} in ${args.file}.minisig`);
  }
}
