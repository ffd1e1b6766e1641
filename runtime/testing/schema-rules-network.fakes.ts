import { type Broken, many } from './schema-rules.fakes.ts';

const peer = { podSelector: {} };
const ipBlock = { cidr: '10.0.0.0/8' };
const parameters = { kind: 'Settings', name: 'main' };

/** Rules of discovery.k8s.io, networking.k8s.io and node.k8s.io, each broken. */
export const BROKEN_NETWORK: readonly Broken[] = [
  ...many('discovery/v1.Endpoint', [
    [{ addresses: ['10.0.0.1'], nodeName: '' }, 'invalid nodeName'],
  ]),
  ...many('discovery/v1.ForNode', [[{ name: '' }, 'invalid name']]),
  ...many('discovery/v1.EndpointPort', [[{ port: 80, appProtocol: '' }, 'invalid appProtocol']]),
  ...many('networking/v1.IngressClassParametersReference', [
    [{ ...parameters, scope: 'Namespace' }, 'required namespace'],
    [{ ...parameters, namespace: 'infra' }, 'forbidden namespace'],
    [{ ...parameters, scope: 'Cluster', namespace: 'infra' }, 'forbidden namespace'],
    [{ ...parameters, kind: 'a/b', scope: 'Zone' }, 'invalid kind', 'unsupported scope'],
  ]),
  ...many('networking/v1.NetworkPolicyPeer', [
    [{}, 'required'],
    [{ ipBlock, ...peer }, 'forbidden'],
    [{ ipBlock, namespaceSelector: {} }, 'forbidden'],
    [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1'] } }, 'invalid ipBlock.except[0]'],
  ]),
  ...many('networking/v1.NetworkPolicyPort', [
    [{ endPort: 90 }, 'invalid endPort'],
    [{ port: 'http', endPort: 90 }, 'invalid endPort'],
    [{ port: 91, endPort: 90 }, 'invalid endPort'],
    [{ port: 0 }, 'invalid port'],
    [{ port: 'not_a_name' }, 'invalid port'],
  ]),
  ...many('networking/v1.NetworkPolicySpec', [
    [{ policyTypes: ['Sideways'] }, 'unsupported policyTypes[0]'],
  ]),
  ...many('node/v1.RuntimeClass', [
    [{ handler: '' }, 'invalid handler'],
    [{ handler: 'Not.A.Label' }, 'invalid handler'],
  ]),
];
