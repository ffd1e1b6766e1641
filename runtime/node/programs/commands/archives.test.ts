import { describe, expect, it } from 'vitest';
import { SILENT } from '../network/calls.ts';
import { Replay } from '../replay/index.ts';

const SINCE = 1_000_000;

/** What a script prints, and its exit code. */
function ran(script: string, bytes = '') {
  const pod = {
    apiVersion: 'v1' as const,
    kind: 'Pod' as const,
    metadata: {},
    spec: { containers: [{ name: 'main', image: 'busybox' }] },
  };
  const site = { pod, podIp: '', nodeName: 'n', hosts: '', resolver: '' };
  const run = { container: 'main', nth: 0, startedMs: SINCE, argv: ['sleep', '9'], env: [] };
  const history = { sinceMs: SINCE, runs: [run], files: [], commands: [], requests: [] };
  const replay = new Replay(site, history, { followsProbes: false });
  const given = { input: { bytes, isOpen: false }, answerer: () => SILENT };
  const { out, err, end } = replay.command(SINCE + 1, 'main', ['sh', '-c', script], given)!;
  return { out, err, code: end?.code };
}

const MADE = 'mkdir -p /tmp/a/b && echo one > /tmp/a/x && echo two > /tmp/a/b/y && cd /tmp';

describe('an archive', () => {
  it('gives back what was put in, links and all', () => {
    const script = `${MADE} && ln -s x a/z && tar cf t.tar a && mkdir new && tar xf t.tar -C new && cd new/a && cat x b/y z && readlink z`;
    expect(ran(script)).toEqual({ out: 'one\ntwo\none\nx\n', err: '', code: 0 });
  });

  it('can be packed, and is known by its bytes', () => {
    const script = `${MADE} && tar czf t.tgz a && tar tf t.tgz && tar xzf t.tgz -O a/b/y`;
    expect(ran(script).out).toBe('a/\na/b/\na/b/y\na/x\ntwo\n');
  });

  it('keeps names that are longer than a header has room for', () => {
    const long = `${'n'.repeat(60)}/${'m'.repeat(70)}`;
    const script = `mkdir -p /tmp/a/${'n'.repeat(60)} && echo x > /tmp/a/${long} && cd /tmp && tar c a | tar t`;
    expect(ran(script).out).toContain(`a/${long}\n`);
  });

  it('says what is not there, and what is none', () => {
    expect(ran('cd /tmp && tar cf t.tar none')).toMatchObject({
      err: 'tar: none: No such file or directory\n',
      code: 1,
    });
    expect(ran('tar xf -', 'x'.repeat(600))).toMatchObject({ code: 1 });
    expect(ran('tar f x').code).toBe(1);
  });
});

describe('sums and packing', () => {
  it('are those of the bytes', () => {
    expect(ran('md5sum; echo -n abc | sha256sum -', 'abc').out).toBe(
      '900150983cd24fb0d6963f7d28e17f72  -\n' +
        'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  -\n',
    );
  });

  it('puts the packed file in the place of the other, and back', () => {
    const script = `${MADE} && gzip a/x && ls a && zcat a/x.gz && gunzip a/x.gz && cat a/x`;
    expect(ran(script).out).toBe('b\nx.gz\none\none\n');
    expect(ran('gzip | gunzip', 'one').out).toBe('one');
    expect(ran('gunzip', 'one')).toMatchObject({ err: 'gunzip: -: invalid magic\n', code: 1 });
  });
});
