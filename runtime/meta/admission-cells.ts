import type {
  MutatingAdmissionPolicy,
  ParamKind,
  ParamRef,
  ValidatingAdmissionPolicy,
  ValidatingWebhookConfiguration,
} from '../../generated/admissionregistration/v1/types.ts';
import { type Cell, cellOf as of } from './cell.ts';
import { formatSelector } from './selectors.ts';

const UNSET = '<unset>';

function paramKind({ spec }: { spec?: { paramKind?: ParamKind } }): string {
  const kind = spec?.paramKind;
  return kind ? `${kind.apiVersion}/${kind.kind}` : UNSET;
}

/** An object by its namespace and name, * for the namespace of the request; or a selector. */
function paramRef({ spec }: { spec?: { paramRef?: ParamRef } }): string {
  const { name, namespace, selector } = spec?.paramRef ?? {};
  if (name) return `${namespace || '*'}/${name}`;
  return selector ? formatSelector(selector) : UNSET;
}

/** Cells of the kinds of admissionregistration.k8s.io. */
export const ADMISSION_CELLS: Readonly<Record<string, Cell>> = {
  validatingPolicyCount: of<ValidatingAdmissionPolicy>(({ spec }) =>
    String(spec?.validations?.length ?? 0),
  ),
  mutatingPolicyCount: of<MutatingAdmissionPolicy>(({ spec }) =>
    String(spec?.mutations?.length ?? 0),
  ),
  policyParamKind: of<ValidatingAdmissionPolicy>(paramKind),
  policyParamRef: of<{ spec?: { paramRef?: ParamRef } }>(paramRef),
  webhookCount: of<ValidatingWebhookConfiguration>(({ webhooks = [] }) => String(webhooks.length)),
};
