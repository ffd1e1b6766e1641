import { chmodSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** What a client needs to reach a server. */
export interface Access {
  readonly url: string;
  readonly authority: string;
  readonly token: string;
}

const NAME = 'slipway';

/** The file that kubectl, helm and client libraries read. JSON is YAML. */
export function kubeconfigText({ url, authority, token }: Access): string {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': NAME,
    clusters: [
      {
        name: NAME,
        cluster: {
          server: url,
          'certificate-authority-data': Buffer.from(authority).toString('base64'),
        },
      },
    ],
    contexts: [{ name: NAME, context: { cluster: NAME, user: 'admin' } }],
    users: [{ name: 'admin', user: { token } }],
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

/** Writes it whole, readable by its owner only. */
export function writeKubeconfig(path: string, access: Access): void {
  mkdirSync(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}`;
  writeFileSync(beside, kubeconfigText(access), { mode: 0o600 });
  chmodSync(beside, 0o600);
  renameSync(beside, path);
}
