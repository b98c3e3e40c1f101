import { describe, expect, it } from 'vitest';
import { answerHelp } from '../../src/mesos/v0/help/answer-help.ts';
import type { HelpTexts } from '../../src/mesos/v0/help/endpoint-help.ts';

const TEXTS: HelpTexts = {
  version: { '/': { summary: 'Tells the version.', isOpen: true } },
  master: {
    '/state': { summary: 'Tells <everything> & more.' },
    '/api/v1': { summary: 'Calls.', description: ['One', 'two.'], authorization: 'Leave.' },
  },
};

const ask = (path: string, userAgent = 'curl/8', query = '') =>
  answerHelp({ texts: TEXTS, mainProcess: 'master' }, { path, query: new URLSearchParams(query), userAgent });

describe('the pages of help', () => {
  it('begin with an index, in the form of Mesos', () => {
    expect(ask('/help')).toEqual({
      status: 200,
      contentType: 'text/x-markdown',
      body: '## HELP\n> [/master][master]\n> [/version][version]\n\n[master]: help/master\n[version]: help/version\n',
    });
    expect(ask('/help/').body).toBe(ask('/help').body);
  });

  it('list the endpoints of a process', () => {
    expect(ask('/help/master').body).toBe(
      '## `/master` ##\n> [/master/api/v1][master/api/v1]\n> [/master/state][master/state]\n\n' +
        '[master/api/v1]: master/api/v1\n[master/state]: master/state\n',
    );
  });

  it('tell of an endpoint under which paths it is and what it does, with the headings of Mesos', () => {
    expect(ask('/help/master/api/v1').body).toBe(
      [
        '### USAGE ###',
        '>        /api/v1',
        '>        /master/api/v1',
        '',
        '### TL;DR; ###',
        'Calls.',
        '',
        '### DESCRIPTION ###',
        'One',
        'two.',
        '',
        '',
        '### AUTHENTICATION ###',
        'Where callers have to say who they are, this endpoint asks them.',
        '',
        '### AUTHORIZATION ###',
        'Leave.',
        '',
        '',
        '',
      ].join('\n'),
    );
  });

  it('show a process that is an endpoint itself at once', () => {
    expect(ask('/help/version').body).toMatch(/^### USAGE ###\n> {8}\/version\n\n/);
  });

  it('are HTML for browsers, with links and without anything unescaped', () => {
    const index = ask('/help', 'Mozilla/5.0');
    expect(index.contentType).toBe('text/html');
    expect(index.body).toContain('<p class="quote"><a href="help/master">/master</a></p>');
    expect(ask('/help/master/state', '').body).toContain('<p>Tells &lt;everything&gt; &amp; more.</p>');
    expect(ask('/help/master/state', '').body).toContain('<h3>TL;DR;</h3>');
  });

  it('are all of them JSON for programs', () => {
    const { contentType, body } = ask('/help', 'curl/8', 'format=json');
    expect(contentType).toBe('application/json');
    const { processes } = JSON.parse(body);
    expect(processes.map(({ id }: { id: string }) => id)).toEqual(['master', 'version']);
    expect(processes[0].endpoints.map(({ name }: { name: string }) => name)).toEqual(['/api/v1', '/state']);
    expect(`${processes[0].endpoints[0].text}\n`).toBe(ask('/help/master/api/v1').body);
  });

  it.each([
    ['/help/nosuch', "No help available for '/nosuch'.\n"],
    ['/help/nosuch/', "No help available for '/nosuch'.\n"],
    ['/help/master/nosuch', "No help available for '/master/nosuch'.\n"],
    ['/help/master/api/v1/more', "No help available for '/master/api/v1/more'.\n"],
    ['/help/constructor', "No help available for '/constructor'.\n"],
    ['/help/master/<b>', "No help available for '/master/<b>'.\n"],
  ])('refuse %s in the words of Mesos, as plain text', (path, body) => {
    expect(ask(path, 'Mozilla/5.0')).toEqual({ status: 400, contentType: 'text/plain; charset=utf-8', body });
  });
});
