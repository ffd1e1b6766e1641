import type { Emitter } from '../emitter.ts';
import { LineRules, ownerOf } from '../line-rules.ts';
import type { ModelChange, RuleModel, ServicePortRules } from '../model/index.ts';
import { ProxyPorts } from '../userspace/index.ts';

/** The interface that gets the addresses of services, unless the environment names another. */
const INTERFACE = 'vEthernet (HNS Internal NIC)';

/**
 * What the userspace mode does on Windows, as commands: the addresses of services are added to an interface, and TCP that
 * comes to them is led to the port of the proxy. UDP, which `portproxy` does not carry, the proxy takes on the address itself.
 */
export class WinUserspaceRules {
  readonly #rules: LineRules;

  constructor(model: RuleModel) {
    const ports = new ProxyPorts();
    this.#rules = new LineRules(model, {
      linesOf: (port, { family }) =>
        port.protocol === 'SCTP' ? [] : commandsOf(port, family, ports.portOf(ownerOf(port))),
      placeOf: undo,
      forget: (owner) => ports.free(owner),
    });
  }

  fullText(): string {
    return text(this.#rules.all());
  }

  /** The commands for what a change of the model changes. */
  update(change: ModelChange): string {
    const { gone, come } = this.#rules.update(change);
    return text([...gone.map(undo), ...come]);
  }
}

export const winUserspaceEmitter: Emitter = {
  together: true,
  rules: (model) => new WinUserspaceRules(model).fullText(),
  follow: (model) => new WinUserspaceRules(model),
};

const text = (commands: readonly string[]): string =>
  commands.map((command) => `${command}\n`).join('');

/** What is deleted is named by where it listens, not by where it leads. */
const undo = (command: string): string =>
  command.replace(' add ', ' delete ').replace(/ connectaddress=.*/, '');

function commandsOf(
  port: ServicePortRules,
  family: RuleModel['family'],
  proxyPort: number,
): string[] {
  const v6 = family === 'IPv6';
  const addresses = [port.clusterIP, ...port.externalIPs, ...port.loadBalancerIPs];
  const commands = addresses.map(
    (ip) => `netsh interface ${v6 ? 'ipv6' : 'ipv4'} add address name="${INTERFACE}" address=${ip}`,
  );
  if (port.protocol !== 'TCP') return commands;
  const listen = (ip: string, number: number): string =>
    `netsh interface portproxy add ${v6 ? 'v6tov6' : 'v4tov4'} listenaddress=${ip} listenport=${number} connectaddress=${v6 ? '::1' : '127.0.0.1'} connectport=${proxyPort}`;
  for (const ip of addresses) commands.push(listen(ip, port.port));
  if (port.nodePort !== 0) commands.push(listen('*', port.nodePort));
  return commands;
}
