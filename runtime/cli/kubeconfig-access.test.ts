import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { accessOf } from './kubeconfig-access.ts';

const folder = mkdtempSync(join(tmpdir(), 'slipway-kubeconfig-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => vi.unstubAllEnvs());

function written(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  return path;
}
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const read = (file: string, context?: string) => accessOf({ file, context, workingFolder: folder });

/** A kubeconfig with one context of the given cluster and user. */
const config = (cluster: string, user: string, name = 'dev'): string => `
apiVersion: v1
kind: Config
current-context: ${name}
contexts: [{ name: ${name}, context: { cluster: c, user: u } }]
clusters: [{ name: c, cluster: { server: 'https://10.0.0.1:6443', ${cluster} } }]
users: [{ name: u, user: { ${user} } }]
`;

describe('a kubeconfig', () => {
  it('says where the server is, who signed for it, and as whom to ask', () => {
    const cluster = `certificate-authority-data: ${base64('CA')}`;
    written('inline', config(cluster, 'token: secret'));
    expect(read('inline')).toEqual({
      url: 'https://10.0.0.1:6443',
      authority: 'CA',
      token: 'secret',
    });
    const user = `client-certificate-data: ${base64('CERT')}, client-key-data: ${base64('KEY')}`;
    written('certificate', config('insecure-skip-tls-verify: true', user));
    expect(read('certificate')).toEqual({
      url: 'https://10.0.0.1:6443',
      insecure: true,
      certificate: 'CERT',
      key: 'KEY',
    });
  });

  it('names files beside itself', () => {
    for (const [name, text] of Object.entries({ ca: 'CA', crt: 'CERT', key: 'KEY', t: 'tok\n' }))
      written(`sub/${name}.pem`, text);
    const cluster = 'certificate-authority: ca.pem, tls-server-name: kubernetes';
    const user = 'client-certificate: crt.pem, client-key: key.pem, tokenFile: t.pem';
    written('sub/config', config(cluster, user));
    expect(read('sub/config')).toMatchObject({
      authority: 'CA',
      serverName: 'kubernetes',
      certificate: 'CERT',
      key: 'KEY',
      token: 'tok',
    });
    written('sub/lost', config('certificate-authority: none.pem', ''));
    expect(() => read('sub/lost')).toThrow('cannot read none.pem');
  });

  it('asks a program for the credentials where it says so', () => {
    const script = `const { kind } = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
      console.log(JSON.stringify({ kind, status: { token: process.env.WHO + process.argv[2] } }));`;
    const program = written('credentials.cjs', script);
    const exec = (code: string): string =>
      `exec: { apiVersion: client.authentication.k8s.io/v1, command: ${JSON.stringify(process.execPath)}, args: ['${code}', '!'], env: [{ name: WHO, value: me }] }`;
    written('exec', config('', exec(program)));
    expect(read('exec')).toMatchObject({ token: 'me!' });
    written('broken', config('', exec(join(folder, 'missing.cjs'))));
    expect(() => read('broken')).toThrow(/which gives the credentials, failed/);
  });

  it('may be several files, of which the first that names something has the say', () => {
    const files = [
      written('first', config('', 'token: one')),
      join(folder, 'not-there'),
      written('second', config('', 'token: two', 'prod').replaceAll(' c, ', ' d, ')),
    ];
    vi.stubEnv('KUBECONFIG', files.join(':'));
    const token = (context?: string) => accessOf({ context, workingFolder: folder }).token;
    expect([token(), token('prod')]).toEqual(['one', 'one']);
  });

  it('is refused with a reason', () => {
    written('fine', config('', ''));
    expect(() => read('none')).toThrow(/there is no kubeconfig .*none/);
    expect(() => read('fine', 'prod')).toThrow('the kubeconfig has no context prod');
    written('empty', 'kind: Config');
    expect(() => read('empty')).toThrow('the kubeconfig has no current context');
    written('odd', ': : {');
    expect(() => read('odd')).toThrow(/cannot read .*odd/);
    written('proxied', config('proxy-url: http://x', ''));
    expect(() => read('proxied')).toThrow('proxy-url');
    written('serverless', config('', '').replace("server: 'https://10.0.0.1:6443', ", ''));
    expect(() => read('serverless')).toThrow('no cluster of the kubeconfig that has a server');
  });
});
