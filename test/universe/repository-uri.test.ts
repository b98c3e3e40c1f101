import { describe, expect, it } from 'vitest';
import { parseRepositoryUri, redactUri } from '../../src/universe/sources/repository-uri.ts';

describe('the URI of a repository', () => {
  it.each([
    ['https://universe.example.com/repo', { kind: 'http', url: 'https://universe.example.com/repo' }],
    ['/home/me/universe', { kind: 'files', path: '/home/me/universe' }],
    ['/home/me/my universe', { kind: 'files', path: '/home/me/my universe' }],
    ['https://example.com/a b', undefined],
    ['/odd#name?x', { kind: 'files', path: '/odd#name?x' }],
    ['file:///home/me/universe', { kind: 'files', path: '/home/me/universe' }],
    ['file:///x/bare.git', { kind: 'git', remote: 'file:///x/bare.git' }],
    ['file:///x/work#main', { kind: 'git', remote: 'file:///x/work', ref: 'main' }],
    ['https://git.example.com/x.git', { kind: 'git', remote: 'https://git.example.com/x.git' }],
    ['https://git.example.com/x.git@v1', { kind: 'git', remote: 'https://git.example.com/x.git', ref: 'v1' }],
    [
      'https://git.example.com/x.git#a/b',
      { kind: 'git', remote: 'https://git.example.com/x.git', ref: 'a/b' },
    ],
    ['https://github.com/o/r', { kind: 'git', remote: 'https://github.com/o/r' }],
    ['https://github.com/o/r/raw/x.json', { kind: 'http', url: 'https://github.com/o/r/raw/x.json' }],
    ['git+https://example.com/r#dev', { kind: 'git', remote: 'https://example.com/r', ref: 'dev' }],
    ['git+ssh://git@example.com/r', { kind: 'git', remote: 'ssh://git@example.com/r' }],
    ['git@example.com:o/r.git', { kind: 'git', remote: 'git@example.com:o/r.git' }],
    ['git@example.com:o/r.git#dev', { kind: 'git', remote: 'git@example.com:o/r.git', ref: 'dev' }],
    ['ftp://example.com/repo', undefined],
    ['relative/folder', undefined],
    ['', undefined],
    ['--upload-pack=touch /tmp/x', undefined],
    ['git+--upload-pack=x', undefined],
    ['git+ext::sh -c x', undefined],
    ['git+ext::x', undefined],
    ['ext::x', undefined],
    ['git+ssh://-oProxyCommand=x/y', undefined],
    ['-x@example.com:y', undefined],
    ['https://example.com/x.git#--upload-pack=x', undefined],
    ['https://example.com/x.git#a..b', undefined],
    ['javascript:alert(1)', undefined],
    [`https://example.com/${'x'.repeat(3_000)}`, undefined],
  ])('%s is understood or refused', (uri, location) => {
    if (location) expect(parseRepositoryUri(uri)).toEqual(location);
    else expect(() => parseRepositoryUri(uri)).toThrow(expect.objectContaining({ problem: 'bad-uri' }));
  });

  it('is shown without passwords', () => {
    expect(redactUri('https://me:secret@example.com/x@y')).toBe('https://example.com/x@y');
    expect(redactUri('git+https://token@example.com/x')).toBe('git+https://example.com/x');
    expect(redactUri('https://example.com/a@b')).toBe('https://example.com/a@b');
    expect(() => parseRepositoryUri('ftp://me:secret@x/')).toThrow(/^(?!.*secret)/);
  });
});
