import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { fromBuffer, type ZipFile } from 'yauzl';

/** The files of a zip archive by their paths, as text. */
export const readZip = async (archive: Buffer): Promise<ReadonlyMap<string, string>> => {
  const zip = await promisify<Buffer, { lazyEntries: boolean }, ZipFile>(fromBuffer)(archive, {
    lazyEntries: true,
  });
  const open = promisify(zip.openReadStream.bind(zip)) as (entry: unknown) => Promise<NodeJS.ReadableStream>;
  const files = new Map<string, string>();
  return new Promise((resolve, reject) => {
    zip.once('error', reject);
    zip.once('end', () => resolve(files));
    zip.on('entry', (entry: { fileName: string }) => {
      open(entry)
        .then(buffer)
        .then((content) => {
          files.set(entry.fileName, content.toString());
          zip.readEntry();
        })
        .catch(reject);
    });
    zip.readEntry();
  });
};
