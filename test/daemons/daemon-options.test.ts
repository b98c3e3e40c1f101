import { describe, expect, it } from 'vitest';
import { OptionError, readOptions } from '../../src/daemons/daemon-options.ts';

const NAMES = ['host', 'port', 'master', 'hostname', 'work-dir', 'tls'];

const read = (...args: string[]) => readOptions(NAMES, args);

describe('the options of a daemon', () => {
  it('are read by name, the last one of several wins unless all are wanted', () => {
    const options = read('--host', '127.0.0.2', '--port=5051', '--hostname', 'a', '--hostname', 'b');
    expect(options.host('host')).toBe('127.0.0.2');
    expect(options.port('port')).toBe(5051);
    expect(options.texts('hostname')).toEqual(['a', 'b']);
    expect(options.optionalText('hostname')).toBe('b');
    expect(options.optionalText('work-dir')).toBeUndefined();
    expect(read('--master', 'http://127.0.0.1:5050/').url('master')).toBe('http://127.0.0.1:5050');
    expect(read('--master', 'http://a:1', '--master', 'http://b:2').urls('master')).toEqual([
      'http://a:1',
      'http://b:2',
    ]);
  });

  it('have defaults: the loopback address and any free port', () => {
    expect(read().host('host')).toBe('127.0.0.1');
    expect(read().port('port')).toBe(0);
  });

  it.each<[string, () => unknown, RegExp]>([
    ['an option that there is not', () => read('--nope', '1'), /--nope/],
    ['an argument without an option', () => read('stray'), /stray/],
    ['a missing option', () => read().text('work-dir'), /^--work-dir is missing$/],
    [
      'a port that is none',
      () => read('--port', '80x').port('port'),
      /^--port takes a port from 0 .* not 80x$/,
    ],
    ['a port too high', () => read('--port', '65536').port('port'), /not 65536$/],
    ['no URL where one must be', () => read().urls('master'), /^--master is missing$/],
    ['a URL that is none', () => read('--master', 'localhost:5050').url('master'), /^--master takes a URL/],
    [
      'a switch that is neither on nor off',
      () => read('--tls', 'yes').flag('tls'),
      /^--tls takes true or false/,
    ],
  ])('refuse %s', (_what, action, message) => {
    expect(action).toThrow(OptionError);
    expect(action).toThrow(message);
  });
});
