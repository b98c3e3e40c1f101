/** A page of help for people: what the Markdown of these pages has, and nothing of what was asked for goes unescaped. */
export const helpHtml = (markdown: string): string => {
  const lines = markdown.split('\n');
  const links = new Map(lines.flatMap((line) => linkOf(line) ?? []));
  const body = lines
    .filter((line) => linkOf(line) === undefined)
    .map((line) => lineHtml(line, links))
    .join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Help</title>
<style>
body { font: 15px/1.6 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }
p { margin: 0; min-height: 1em; white-space: pre-wrap; }
p.quote { border-left: 4px solid #ddd; padding-left: 1rem; }
</style>
</head>
<body>
${body}
</body>
</html>
`;
};

/** `[name]: url` */
const linkOf = (line: string): [name: string, url: string][] | undefined => {
  const [, name, url] = /^\[([^\]]+)\]: (\S+)$/.exec(line) ?? [];
  return name === undefined || url === undefined ? undefined : [[name, url]];
};

const lineHtml = (line: string, links: ReadonlyMap<string, string>): string => {
  const [, marks, heading] = /^(##+) (.*?)(?: #+)?$/.exec(line) ?? [];
  if (marks !== undefined && heading !== undefined) {
    return `<h${marks.length}>${escaped(heading.replaceAll('`', ''))}</h${marks.length}>`;
  }
  const [, quote] = /^>\s*(.*)$/.exec(line) ?? [];
  if (quote === undefined) return `<p>${escaped(line)}</p>`;
  const [, text, name] = /^\[([^\]]+)\]\[([^\]]+)\]$/.exec(quote) ?? [];
  const url = links.get(name ?? '');
  const shown = escaped(text ?? quote);
  return `<p class="quote">${url === undefined ? shown : `<a href="${escaped(url)}">${shown}</a>`}</p>`;
};

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
