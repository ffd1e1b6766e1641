import { describe, expect, it } from 'vitest';
import { judgeCertificate } from './certificate.ts';
import { authority, certificateFor } from './webhooks.fakes.ts';

const NOW_MS = Date.UTC(2026, 0, 1);
const ca = authority();
const judge = (chain: string, host = 'hook.default.svc', authorities = ca.pem): string =>
  judgeCertificate({ chain, authorities, host, nowMs: NOW_MS }) ?? 'taken';

describe('a certificate', () => {
  const good = certificateFor(['hook.default.svc', '*.shop.svc', '10.0.0.1'], ca);

  it('is taken for its names, with a star for one label, and for its addresses', () => {
    const hosts = ['hook.default.svc', 'HOOK.default.svc', 'a.shop.svc', '10.0.0.1'];
    expect(hosts.map((host) => judge(good, host))).toEqual(hosts.map(() => 'taken'));
  });

  it('is refused in the words of Go', () => {
    const stranger = authority('another');
    const forged = authority('test-ca');
    const told = [
      judge(good, 'b.a.shop.svc'),
      judge(good, '10.0.0.2'),
      judge(certificateFor([], ca)),
      judge(certificateFor(['only.svc'], ca), '10.0.0.2'),
      judge(good, undefined, ''),
      judge(good, undefined, stranger.pem),
      judge(good, undefined, forged.pem),
      judge(certificateFor(['hook.default.svc'], ca, 100)),
      judge('no certificate'),
    ];
    expect(told).toMatchInlineSnapshot(`
      [
        "tls: failed to verify certificate: x509: certificate is valid for hook.default.svc, *.shop.svc, not b.a.shop.svc",
        "tls: failed to verify certificate: x509: certificate is valid for 10.0.0.1, not 10.0.0.2",
        "tls: failed to verify certificate: x509: certificate is not valid for any names, but wanted to match hook.default.svc",
        "tls: failed to verify certificate: x509: cannot validate certificate for 10.0.0.2 because it doesn't contain any IP SANs",
        "tls: failed to verify certificate: x509: certificate signed by unknown authority",
        "tls: failed to verify certificate: x509: certificate signed by unknown authority",
        "tls: failed to verify certificate: x509: certificate signed by unknown authority (possibly because of "x509: Ed25519 verification failure" while trying to verify candidate authority certificate "test-ca")",
        "tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-01-01T00:00:00Z is after 2025-07-20T00:00:00Z",
        "remote error: tls: internal error",
      ]
    `);
  });

  it('is taken where it is itself among the authorities, and through one between', () => {
    expect(judge(good, undefined, good)).toBe('taken');
  });
});
