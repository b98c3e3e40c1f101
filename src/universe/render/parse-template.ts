import { TemplateError, type TemplateNode } from './template.ts';

const DEEPEST_SECTION = 100;
/** Of a name with its dots. */
const LONGEST_NAME = 1_000;

interface Delimiters {
  open: string;
  close: string;
}

/**
 * Parses a mustache template as the template library of the original does (reference 1.14), whose handling of line
 * breaks differs from the published mustache rules: what comes out is compared byte by byte.
 */
export const parseTemplate = (template: string): readonly TemplateNode[] => new Parser(template).parse();

/** What is known about the line that is being read, per level of sections. */
class Level {
  readonly nodes: TemplateNode[] = [];
  text = '';
  /** Since the last line break, nothing but white space was read (tags do not count). */
  isBlank = true;
  /** No tag was met on this line. */
  isAtLineStart: boolean;
  /** A section of several lines began or ended here: if the line is blank otherwise, its line break goes too. */
  dropsBreak: boolean;

  constructor(isAtLineStart: boolean, dropsBreak: boolean) {
    this.isAtLineStart = isAtLineStart;
    this.dropsBreak = dropsBreak;
  }

  flush(): void {
    if (this.text !== '') this.nodes.push({ type: 'text', text: this.text });
    this.text = '';
  }
}

class Parser {
  readonly #template: string;
  #position = 0;
  #line = 1;

  constructor(template: string) {
    this.#template = template;
  }

  parse(): readonly TemplateNode[] {
    const level = new Level(true, false);
    this.#readLevel(level, undefined, { open: '{{', close: '}}' }, 0);
    return level.nodes;
  }

  /** Reads to the close tag of the section (undefined: to the end). A change of delimiters lasts as long as its level. */
  #readLevel(level: Level, section: string | undefined, delimiters: Delimiters, depth: number): void {
    if (depth > DEEPEST_SECTION)
      throw this.#error(`sections are nested deeper than ${DEEPEST_SECTION} levels`);
    let sawReturn = false;
    while (this.#position < this.#template.length) {
      const character = this.#template.charAt(this.#position);
      if (character === '\r') {
        // Carriage returns survive only before a line feed.
        sawReturn = true;
        this.#position++;
      } else if (character === '\n') {
        this.#breakLine(level, sawReturn);
      } else if (this.#template.startsWith(delimiters.open, this.#position)) {
        sawReturn = false;
        if (this.#readTag(level, section, delimiters, depth)) return;
      } else {
        sawReturn = false;
        level.isBlank &&= character === ' ' || character === '\t';
        level.text += character;
        this.#position++;
      }
    }
    level.flush();
    if (section !== undefined) throw this.#error(`section ${section} is never closed`);
  }

  #breakLine(level: Level, sawReturn: boolean): void {
    this.#position++;
    this.#line++;
    if (!(level.dropsBreak && level.isBlank)) level.text += sawReturn ? '\r\n' : '\n';
    level.flush();
    level.dropsBreak = false;
    level.isBlank = true;
    level.isAtLineStart = true;
  }

  /** Reads one tag; true when it closes the level. */
  #readTag(level: Level, section: string | undefined, delimiters: Delimiters, depth: number): boolean {
    const command = this.#readCommand(delimiters);
    if (command.length > LONGEST_NAME && !command.startsWith('!')) throw this.#error('a name is too long');
    const name = command.slice(1).trim();
    switch (command.charAt(0)) {
      case '#':
      case '^':
        this.#readSection(level, { name, isInverted: command.startsWith('^') }, delimiters, depth);
        break;
      case '/':
        if (name !== section) {
          throw this.#error(
            `{{/${name}}} closes ${section === undefined ? 'no section' : `section ${section}`}`,
          );
        }
        if (level.isAtLineStart && level.isBlank) level.text = '';
        level.flush();
        return true;
      case '!':
      case '%':
        // The line of a comment stays, empty; pragmas mean nothing here.
        level.flush();
        break;
      case '=':
        level.flush();
        Object.assign(delimiters, this.#readDelimiters(name));
        break;
      case '{':
        level.flush();
        level.nodes.push({ type: 'value', name: this.#unescapedName(command, delimiters) });
        break;
      case '&':
        level.flush();
        level.nodes.push({ type: 'value', name });
        break;
      case '>':
      case '<':
      case '$':
      case '?':
        throw this.#error(`{{${command.charAt(0)} …}} is not supported in a package's template`);
      default:
        level.flush();
        level.nodes.push({ type: 'value', name: command.trim() });
    }
    level.isAtLineStart = false;
    return false;
  }

  #readSection(
    level: Level,
    { name, isInverted }: { name: string; isInverted: boolean },
    delimiters: Delimiters,
    depth: number,
  ): void {
    level.isAtLineStart &&= level.isBlank;
    const inner = new Level(level.isAtLineStart, true);
    const firstLine = this.#line;
    const start = this.#position;
    this.#readLevel(inner, name, { ...delimiters }, depth + 1);
    const spansLines = this.#line !== firstLine;
    // White space before a section of several lines belongs to the tag's own line, which vanishes.
    if (level.isBlank && spansLines) level.text = '';
    level.flush();
    const source = this.#template.slice(
      start,
      this.#template.lastIndexOf(delimiters.open, this.#position - 1),
    );
    level.nodes.push({ type: 'section', name, isInverted, nodes: inner.nodes, source });
    level.dropsBreak = spansLines;
  }

  /** The text between the delimiters; the position is then behind the tag. */
  #readCommand({ open, close }: Delimiters): string {
    const start = this.#position + open.length;
    if (this.#template.charAt(start) === '=') return this.#readChange(start, close);
    const end = this.#template.indexOf(close, start);
    if (end < 0) throw this.#error('a tag is never closed');
    if (end === start) throw this.#error('a tag is empty');
    this.#position = end + close.length;
    return this.#template.slice(start, end);
  }

  /** Of `{{=<% %>=}}`, up to the second equals sign: the new delimiters may hold the present ones. */
  #readChange(start: number, close: string): string {
    const equals = this.#template.indexOf('=', start + 1);
    const end = equals < 0 ? -1 : this.#template.indexOf(close, equals + 1);
    if (end < 0) throw this.#error('a change of delimiters is never closed');
    this.#position = end + close.length;
    return this.#template.slice(start, equals) + this.#template.slice(equals + 1, end);
  }

  /** Of `{{{name}}}`: the third brace follows the close delimiter, or is the last character before another one. */
  #unescapedName(command: string, { close }: Delimiters): string {
    if (close.charAt(1) !== '}') return command.slice(1).trim().slice(0, -1).trim();
    if (this.#template.charAt(this.#position) !== '}') throw this.#error('{{{ is not closed by }}}');
    this.#position++;
    return command.slice(1).trim();
  }

  /** Of each delimiter no more than two characters count. */
  #readDelimiters(marks: string): Delimiters {
    const [open = '', close = '', ...rest] = marks.split(/\s+/);
    if (open === '' || close === '' || rest.length > 0)
      throw this.#error(`{{=${marks}=}} is no change of delimiters`);
    return { open: open.slice(0, 2), close: close.slice(0, 2) };
  }

  #error(message: string): TemplateError {
    return new TemplateError(`${message} (line ${this.#line})`);
  }
}
