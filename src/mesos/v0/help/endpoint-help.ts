/** What a page of help says about an endpoint. */
export interface EndpointHelp {
  /** In a sentence. */
  readonly summary: string;
  /** Lines of up to 100 characters, each a paragraph of its own after an empty one. */
  readonly description?: readonly string[];
  /** What leave it takes, or what is left out for those who have none. */
  readonly authorization?: string;
  /** Answers everybody, also where others have to say who they are. */
  readonly isOpen?: true;
}

/**
 * All endpoints of a server by the part that serves them (a process, in the words of Mesos) and by their name below it; the
 * name `/` is the part itself.
 */
export type HelpTexts = Readonly<Record<string, Readonly<Record<string, EndpointHelp>>>>;

/** The path of an endpoint without its first slash. */
export const endpointPath = (process: string, name: string): string =>
  `${process}${name === '/' ? '' : name}`;

/** The page of an endpoint, in Markdown with the headings of Mesos. Endpoints of the main process need no prefix. */
export const endpointPage = (
  { summary, description = [], authorization, isOpen }: EndpointHelp,
  { process, name, mainProcess }: { process: string; name: string; mainProcess: string },
): string => {
  const path = `/${endpointPath(process, name)}`;
  const paths = process === mainProcess && name !== '/' ? [name, path] : [path];
  return [
    section('USAGE', paths.map((each) => `>        ${each}`).join('\n')),
    section('TL;DR;', summary),
    description.length === 0 ? '' : `${section('DESCRIPTION', description.join('\n'))}\n`,
    section('AUTHENTICATION', isOpen ? 'Everybody is answered.' : ASKED),
    authorization === undefined ? '' : section('AUTHORIZATION', authorization),
  ].join('');
};

const ASKED = 'Where callers have to say who they are, this endpoint asks them.';

const section = (heading: string, text: string): string => `### ${heading} ###\n${text}\n\n`;
