import type { LabelSelector } from '../../../generated/meta/v1/types.ts';
import { clusterroles } from '../../../generated/rbac/v1/resources.ts';
import type { ClusterRole } from '../../../generated/rbac/v1/types.ts';
import { type Controller, type ControllerDeps, listerOf, watch } from '../../client/index.ts';
import { matchesLabelSelector } from '../../meta/index.ts';
import { isPart, rulesToWrite } from './decide.ts';

const AGGREGATED = 'clusterroles-aggregated';
const LABEL = 'clusterroles-label';
const YES = 'yes';
const MANAGER = 'clusterrole-aggregation-controller';

/** Keeps the rules of aggregated cluster roles. Key: the name of one. */
export function createClusterRoleAggregationController(deps: ControllerDeps): Controller {
  const roles = listerOf(deps, clusterroles);
  deps.transport.addIndex(clusterroles, AGGREGATED, ({ aggregationRule }) =>
    aggregationRule ? [YES] : [],
  );
  deps.transport.addIndex(clusterroles, LABEL, ({ metadata }) =>
    Object.entries(metadata.labels ?? {}).map(pair),
  );
  const chosenBy = (selector: LabelSelector): readonly ClusterRole[] => {
    const [first] = Object.entries(selector.matchLabels ?? {});
    const candidates = first ? roles.byIndex(LABEL, pair(first)) : roles.list();
    return candidates.filter(({ metadata }) => matchesLabelSelector(selector, metadata.labels));
  };
  return {
    name: 'clusterrole-aggregation-controller',
    watches: [
      watch(clusterroles, ({ object, previous }) =>
        roles
          .byIndex(AGGREGATED, YES)
          .filter(
            (whole) =>
              whole.metadata.name === object.metadata.name ||
              isPart(whole, object.metadata.labels) ||
              isPart(whole, previous?.metadata.labels),
          )
          .map(({ metadata }) => metadata.name ?? ''),
      ),
    ],
    async reconcile(name, { client }) {
      const whole = roles.byKey(name);
      if (!whole?.aggregationRule) return;
      const { clusterRoleSelectors = [] } = whole.aggregationRule;
      const rules = rulesToWrite(whole, clusterRoleSelectors.map(chosenBy));
      if (!rules) return;
      await client.apply(
        clusterroles,
        { metadata: { name }, rules },
        { fieldManager: MANAGER, force: true },
      );
      return { decision: { rules: rules.length } };
    },
  };
}

const pair = ([key, value]: readonly [string, string]): string => `${key}=${value}`;
