import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';

const PEM = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;
/** Texts whose certificates are remembered; a cluster has few webhooks. */
const READ_MAX = 200;
const read = new Map<string, readonly X509Certificate[]>();
const DEPTH_MAX = 10;

/** The certificates in a text of PEM blocks; what is none is left out. */
function certificatesIn(pem: string): readonly X509Certificate[] {
  const known = read.get(pem);
  if (known) return known;
  const found = (pem.match(PEM) ?? []).flatMap((block) => {
    try {
      return [new X509Certificate(block)];
    } catch {
      return [];
    }
  });
  if (read.size >= READ_MAX) read.clear();
  read.set(pem, found);
  return found;
}

export interface Shown {
  /** The server's certificate in PEM, and behind it those between it and its authority. */
  readonly chain: string;
  /** Of whom the client takes certificates, in PEM. */
  readonly authorities: string;
  /** The name by which the client knows the server. */
  readonly host: string;
  readonly nowMs: number;
}

/**
 * Why a client does not take a server's certificate, in the words of Go's library; undefined where it does. That one is not valid
 * yet is no reason: the time of a cluster may begin before the certificate was made.
 */
export function judgeCertificate({ chain, authorities, host, nowMs }: Shown): string | undefined {
  const [leaf, ...between] = certificatesIn(chain);
  if (!leaf) return 'remote error: tls: internal error';
  const why =
    expiry(leaf, nowMs) ?? strangeName(leaf, host) ?? unknownIssuer(leaf, between, authorities);
  return why === undefined ? undefined : `tls: failed to verify certificate: x509: ${why}`;
}

function expiry({ validTo }: X509Certificate, nowMs: number): string | undefined {
  const endMs = Date.parse(validTo);
  if (nowMs <= endMs) return undefined;
  const [now, end] = [nowMs, endMs].map((ms) => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z'));
  return `certificate has expired or is not yet valid: current time ${now} is after ${end}`;
}

function strangeName(leaf: X509Certificate, host: string): string | undefined {
  const alternatives = (leaf.subjectAltName ?? '').split(', ').filter((each) => each !== '');
  const of = (label: string): string[] =>
    alternatives.filter((each) => each.startsWith(label)).map((each) => each.slice(label.length));
  const isAddress = isIP(host) !== 0;
  const names = isAddress ? of('IP Address:') : of('DNS:');
  if (names.some((name) => isNameOf(name, host))) return undefined;
  const common = /^CN=(.*)$/m.exec(leaf.subject)?.[1];
  if (alternatives.length === 0 && common !== undefined && isNameOf(common, host))
    return 'certificate relies on legacy Common Name field, use SANs instead';
  if (isAddress && names.length === 0)
    return `cannot validate certificate for ${host} because it doesn't contain any IP SANs`;
  if (names.length === 0)
    return `certificate is not valid for any names, but wanted to match ${host}`;
  return `certificate is valid for ${names.join(', ')}, not ${host}`;
}

/** A star stands for one label in front. */
function isNameOf(pattern: string, host: string): boolean {
  const [name, wanted] = [pattern.toLowerCase(), host.toLowerCase().replace(/\.$/, '')];
  if (!name.startsWith('*.')) return name === wanted;
  const dot = wanted.indexOf('.');
  return dot > 0 && wanted.slice(dot) === name.slice(1);
}

/** A certificate that is itself among the authorities' needs nobody to vouch for it. */
function unknownIssuer(
  leaf: X509Certificate,
  between: readonly X509Certificate[],
  authorities: string,
): string | undefined {
  const roots = certificatesIn(authorities);
  let hint = '';
  const vouched = (certificate: X509Certificate, depth: number): boolean => {
    if (roots.some((root) => root.fingerprint256 === certificate.fingerprint256)) return true;
    if (depth >= DEPTH_MAX) return false;
    const candidates = [...roots, ...between].filter((each) => each.subject === certificate.issuer);
    return candidates.some((each) => {
      if (each.fingerprint256 === certificate.fingerprint256) return false;
      if (certificate.verify(each.publicKey)) return vouched(each, depth + 1);
      hint ||= ` (possibly because of "${badSignature(each)}" while trying to verify candidate authority certificate "${nameOf(each)}")`;
      return false;
    });
  };
  if (vouched(leaf, 0)) return undefined;
  return `certificate signed by unknown authority${hint}`;
}

const nameOf = ({ subject, serialNumber }: X509Certificate): string =>
  /^CN=(.*)$/m.exec(subject)?.[1] ?? /^O=(.*)$/m.exec(subject)?.[1] ?? serialNumber;

function badSignature({ publicKey }: X509Certificate): string {
  const type = publicKey.asymmetricKeyType;
  if (type === 'rsa') return 'crypto/rsa: verification error';
  return type === 'ec' ? 'x509: ECDSA verification failure' : 'x509: Ed25519 verification failure';
}
