import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  X509Certificate,
} from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type CertificateSpec, certificatePem, type Issuer } from './index.ts';

const NAME = { commonName: 'the-ca', organizations: [] };
const FROM = Date.UTC(2026, 0, 2, 3, 4, 5);
const p256 = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** The Ed25519 key of 32 bytes, all the same. */
function seeded(byte: number): { privateKey: KeyObject; publicKey: KeyObject } {
  const head = Buffer.from('302e020100300506032b657004220420', 'hex');
  const key = Buffer.concat([head, Buffer.alloc(32, byte)]);
  const privateKey = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
  return { privateKey, publicKey: createPublicKey(privateKey) };
}

const issuer: Issuer = { name: NAME, ...p256() };

function made(spec: Partial<CertificateSpec>, by = issuer): X509Certificate {
  return new X509Certificate(
    certificatePem(
      {
        subject: { commonName: 'jane', organizations: ['dev', 'a-team'] },
        publicKey: p256().publicKey,
        serial: Buffer.from([0xff, 1]),
        notBeforeMs: FROM,
        notAfterMs: FROM + 86_400_000,
        keyUsages: ['digital signature', 'key encipherment'],
        ...spec,
      },
      by,
    ),
  );
}

describe('certificatePem', () => {
  it('is signed by the issuer, and says of whom and until when it speaks', () => {
    const certificate = made({ extendedKeyUsages: ['client auth'] });
    expect(certificate.verify(issuer.publicKey)).toBe(true);
    expect(certificate.verify(p256().publicKey)).toBe(false);
    expect(certificate.subject).toBe('O=dev + O=a-team\nCN=jane');
    expect(certificate.issuer).toBe('CN=the-ca');
    expect(certificate.serialNumber).toBe('FF01');
    expect(certificate.validFromDate).toEqual(new Date(FROM));
    expect(certificate.validToDate).toEqual(new Date(FROM + 86_400_000));
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
    expect(certificate.ca).toBe(false);
  });

  it('says nothing of what a key is for where nothing is said', () => {
    const KEY_USAGE = Buffer.from('0603551d0f', 'hex');
    expect(made({}).raw.includes(KEY_USAGE)).toBe(true);
    expect(made({ keyUsages: [] }).raw.includes(KEY_USAGE)).toBe(false);
  });

  it('vouches for hosts and addresses of both families', () => {
    const hosts = ['localhost', 'kubernetes.default', '127.0.0.1', '::1', 'fd00:10::a'];
    const certificate = made({ hosts });
    expect(certificate.checkHost('kubernetes.default')).toBe('kubernetes.default');
    expect(certificate.checkHost('elsewhere')).toBeUndefined();
    for (const address of ['127.0.0.1', '::1', 'fd00:10::a'])
      expect(certificate.checkIP(address)).toBe(address);
    expect(certificate.checkIP('::2')).toBeUndefined();
  });

  it('makes an authority that Node follows to its root', () => {
    const root = made({
      subject: NAME,
      publicKey: issuer.publicKey,
      isAuthority: true,
      keyUsages: ['cert sign'],
    });
    expect(root.ca).toBe(true);
    expect(root.checkIssued(root)).toBe(true);
    expect(made({}).checkIssued(root)).toBe(true);
    expect(made({}, { name: NAME, ...p256() }).checkIssued(root)).toBe(false);
  });

  it('writes years from 2050 on in full', () => {
    const notAfterMs = Date.UTC(2051, 5, 7);
    expect(made({ notAfterMs }).validToDate).toEqual(new Date(notAfterMs));
  });

  it('is the same every time with an Ed25519 key', () => {
    const by = { name: NAME, ...seeded(7) };
    const spec = { publicKey: seeded(8).publicKey };
    const [one, other] = [made(spec, by), made(spec, by)];
    expect(one.verify(by.publicKey)).toBe(true);
    expect(other.raw.equals(one.raw)).toBe(true);
  });
});
