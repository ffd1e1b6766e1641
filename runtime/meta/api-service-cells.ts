import type { APIService } from '../../generated/apiregistration/v1/types.ts';
import { type Cell, cellOf as of } from './cell.ts';
import { conditionOf } from './conditions.ts';

/** Who answers; this server itself where no service is named. */
function serviceOf({ spec }: APIService): string {
  const { namespace = '', name = '' } = spec?.service ?? {};
  return spec?.service ? `${namespace}/${name}` : 'Local';
}

/** The condition's status, and why it is not True. */
function available({ status }: APIService): string {
  const condition = conditionOf(status?.conditions, 'Available');
  if (!condition) return 'Unknown';
  const { status: said, reason } = condition;
  return said === 'True' || !reason ? said : `${said} (${reason})`;
}

/** Cells of the kinds of apiregistration.k8s.io. */
export const API_SERVICE_CELLS: Readonly<Record<string, Cell>> = {
  apiServiceAvailable: of<APIService>(available),
  apiServiceService: of<APIService>(serviceOf),
};
