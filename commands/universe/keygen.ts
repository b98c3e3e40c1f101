import { resolve } from 'node:path';
import { boolean } from '@oclif/core/flags';
import { requiredArgument } from '../../src/cli/arguments.ts';
import { CliError } from '../../src/cli/errors/cli-error.ts';
import { JsonCommand } from '../../src/cli/json-command.ts';
import { askSecret } from '../../src/cli/output/prompt.ts';
import { passwordFileFlag, readPasswordFile } from '../../src/cli/universe/signing-flags.ts';
import { writeKeyPair } from '../../src/cli/universe/write-key-pair.ts';
import { formatPublicKey } from '../../src/universe/signing/sign-minisign.ts';
import { createSigningKey, formatSigningKey } from '../../src/universe/signing/signing-key.ts';

export default class UniverseKeygen extends JsonCommand {
  static override summary = 'Make a key that signs repositories';
  static override description =
    `Writes NAME.key, which stays with whoever signs (plenum universe build --sign, plenum universe sign), and NAME.pub, which everybody gets who checks (plenum package repo add --verify, or minisign).
The key is Ed25519 in PKCS #8, under a password unless there is to be none. Files that exist are never replaced.`;
  static override examples = [
    '<%= config.bin %> universe keygen team',
    '<%= config.bin %> universe keygen team --password-file password.txt',
  ];
  static override args = { name: requiredArgument('Path of the two files without .key and .pub') };
  static override flags = {
    'password-file': { ...passwordFileFlag, exclusive: ['no-password'] },
    'no-password': boolean({ description: 'Keep the key without a password: whoever has the file can sign' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(UniverseKeygen);
    const password = flags['no-password'] ? '' : await this.#password(flags['password-file']);
    const key = createSigningKey();
    const publicKey = formatPublicKey(key);
    const files = await writeKeyPair(resolve(args.name), {
      secret: formatSigningKey(key, password),
      public: publicKey,
    });
    const line = publicKey.trim().split('\n').at(-1) ?? '';
    if (flags.json) this.printJson({ ...files, key: line });
    else this.note(`Wrote ${args.name}.key, to be kept secret, and ${args.name}.pub: ${line}`);
  }

  async #password(file: string | undefined): Promise<string> {
    const password =
      file === undefined
        ? await askSecret(this.terminal, {
            message: 'A password for the key',
            flag: '--password-file or --no-password',
          })
        : readPasswordFile(file);
    if (password === '')
      throw new CliError('usage', 'The password is empty', { hint: '--no-password makes a key without one' });
    if (file !== undefined) return password;
    const again = await askSecret(this.terminal, { message: 'Again', flag: '--password-file' });
    if (again !== password)
      throw new CliError('usage', 'The two passwords are not the same: nothing was written');
    return password;
  }
}
