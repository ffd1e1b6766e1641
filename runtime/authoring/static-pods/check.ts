import { clusters } from '../../../generated/cluster/v1/resources.ts';
import type { Pod } from '../../../generated/core/v1/types.ts';
import type { Client } from '../../client/index.ts';
import { ApiError, isApiError } from '../../meta/index.ts';
import type { Finding } from '../contract.ts';
import { finding } from '../findings.ts';
import { labelOf } from '../located-resource.ts';
import { wordProblem } from '../schema-findings.ts';
import { kinds } from '../served-kinds.ts';
import { findingForStatus } from '../status-findings.ts';
import { podKind, type WrittenPod } from './read.ts';

/** Where in a Cluster the server is asked about a static pod. */
const PLACE = 'spec.nodePools[0].staticPods[0]';

/** What is wrong with a pod; without a mistake, the pod with its defaults. */
export async function checkPod(
  pod: WrittenPod,
  client: Client,
): Promise<{ readonly findings: readonly Finding[]; readonly pod?: Pod }> {
  const kind = podKind();
  const { value, problems } = kinds().interpreter.admit(kind.schema, pod.object);
  const object = labelOf(pod.object);
  const findings = problems.map((problem) => {
    const { code, message, fieldPath, help, isAboutName } = wordProblem(
      problem,
      kind,
      pod.object,
      kinds().interpreter,
    );
    const range = isAboutName ? pod.nameRangeOf(fieldPath) : pod.rangeOf(fieldPath);
    return finding(code, message, { object, fieldPath, range, help });
  });
  if (findings.length > 0) return { findings };
  const refused = await refusal(pod, client);
  if (refused) return { findings: findingForStatus(pod, refused) };
  return { findings: [], pod: value as Pod };
}

/** The server is asked, without changing anything, as about a pool that runs the pod: what it takes there a kubelet takes. */
async function refusal(pod: WrittenPod, client: Client): Promise<ApiError | undefined> {
  const staticPods = [pod.object];
  const body = {
    metadata: { name: 'static-pods' },
    spec: { nodePools: [{ name: 'static-pods', staticPods }] },
  };
  try {
    await client.create(clusters, body as never, { dryRun: true });
    return undefined;
  } catch (error) {
    if (isApiError(error)) return ofPod(error);
    throw error;
  }
}

/** The same with the fields of the pod. */
function ofPod({ status }: ApiError): ApiError {
  const causes = status.details?.causes?.map((cause) => ({
    ...cause,
    field: (cause.field ?? '').replace(`${PLACE}.`, '').replace(PLACE, ''),
  }));
  return new ApiError({
    ...status,
    ...(causes ? { details: { ...status.details, causes } } : {}),
  });
}
