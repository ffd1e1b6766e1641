import type {
  CertificateSigningRequest,
  CertificateSigningRequestCondition,
} from '../../../../generated/certificates/v1/types.ts';
import { formatTime, jsonEqual } from '../../../meta/index.ts';
import { duplicate, forbidden, invalid, notSupported, type Problem, required } from '../problem.ts';

type Conditions = readonly CertificateSigningRequestCondition[];

const FIELD = 'status.conditions';
const DECISIONS = ['Approved', 'Denied'];
/** Once made they stay, and they are never anything but True. */
const LASTING = [...DECISIONS, 'Failed'];

const of = (conditions: Conditions, wanted: string): Conditions =>
  conditions.filter(({ type }) => type === wanted);

/** What is wrong with the conditions by themselves. */
export function conditionProblems(conditions: Conditions = []): Problem[] {
  const seen = new Set<string>();
  return conditions.flatMap((condition, at) => {
    const { type, status } = condition;
    const path = `${FIELD}[${at}]`;
    const allowed = LASTING.includes(type) ? ['True'] : ['True', 'False', 'Unknown'];
    const other = DECISIONS.find((each) => each !== type && DECISIONS.includes(type));
    const isContradiction = other !== undefined && seen.has(other);
    const isRepeated = seen.has(type);
    seen.add(type);
    return [
      ...(status && !allowed.includes(status)
        ? [notSupported(`${path}.status`, status, allowed)]
        : []),
      ...(isContradiction
        ? [invalid(`${path}.type`, type, 'Approved and Denied conditions are mutually exclusive')]
        : []),
      ...(isRepeated ? [duplicate(`${path}.type`, type)] : []),
    ];
  });
}

/** What must not be made of the conditions that there were; only whoever decides may approve or deny. */
export function changeProblems(
  now: Conditions = [],
  before: Conditions = [],
  mayDecide: boolean,
): Problem[] {
  const refuse = (what: string, type: string): Problem[] => [
    forbidden(FIELD, `updates may not ${what} a condition of type ${JSON.stringify(type)}`),
  ];
  return LASTING.flatMap((type) => {
    const [own, stored] = [of(now, type), of(before, type)];
    if (own.length < stored.length) return refuse('remove', type);
    if (mayDecide || !DECISIONS.includes(type)) return [];
    if (own.length > stored.length) return refuse('add', type);
    return jsonEqual(own, stored) ? [] : refuse('modify', type);
  });
}

/** The certificate is the signer's to set, once. */
export function certificateProblems(
  { status }: CertificateSigningRequest,
  old: CertificateSigningRequest,
  maySign: boolean,
): Problem[] {
  const { certificate } = status ?? {};
  const stored = old.status?.certificate;
  if (certificate === stored) return [];
  const path = 'status.certificate';
  if (!maySign) return [forbidden(path, 'updates may not set certificate content')];
  if (stored) return [forbidden(path, 'updates may not modify existing certificate content')];
  const text = Buffer.from(certificate ?? '', 'base64').toString();
  return text.includes('-----BEGIN CERTIFICATE-----')
    ? []
    : [required(path, 'must contain at least one CERTIFICATE PEM block')];
}

/** The conditions with their times filled in: of the write, and of the last change of status. */
export function timed(
  conditions: Conditions | undefined,
  before: Conditions = [],
  nowMs: number,
): Conditions | undefined {
  if (conditions === before) return conditions;
  const now = formatTime(nowMs);
  return conditions?.map((condition) => {
    const { lastUpdateTime = now, lastTransitionTime, type, status } = condition;
    const same = before.find((each) => each.type === type && each.status === status);
    const since = lastTransitionTime ?? same?.lastTransitionTime ?? now;
    return { ...condition, lastUpdateTime, lastTransitionTime: since };
  });
}
