import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerOf, type HealthCheckAnswer } from '../model/index.ts';
import type { Answer, Liveness } from './liveness.ts';

export interface HealthServerOptions {
  /** The address to listen on. */
  readonly host: string;
  readonly liveness: Liveness;
  /** A port could not be had. */
  onFailure(message: string): void;
}

interface Opened {
  readonly port: number;
  readonly server: Server;
  answer: HealthCheckAnswer;
}

/** Serves the health of a proxy and of the services that have a port for it. */
export class HealthServer {
  readonly #options: HealthServerOptions;
  /** By `namespace/name`. */
  readonly #services = new Map<string, Opened>();
  readonly #servers = new Set<Server>();
  #nodeEligible = true;

  constructor(options: HealthServerOptions) {
    this.#options = options;
  }

  /** Opens the proxy's own port, any with 0, and resolves with its number. */
  async open(port: number): Promise<number> {
    const { liveness } = this.#options;
    const answers: Readonly<Record<string, () => Answer>> = {
      '/healthz': () => liveness.healthz(this.#nodeEligible),
      '/livez': () => liveness.livez(),
    };
    const server = await this.#listen(port, ({ url = '' }, response) => {
      const answer = answers[url.replace(/\?.*/, '')]?.();
      const headers = { 'x-content-type-options': 'nosniff' };
      if (answer)
        response
          .writeHead(answer.code, { ...headers, 'content-type': 'application/json' })
          .end(answer.text);
      else
        response
          .writeHead(404, { ...headers, 'content-type': 'text/plain; charset=utf-8' })
          .end('404 page not found\n');
    });
    return (server.address() as AddressInfo).port;
  }

  /** Makes the ports of services those of `checks`. Not to be called again before it has ended. */
  async follow(checks: readonly HealthCheckAnswer[], nodeEligible: boolean): Promise<void> {
    this.#nodeEligible = nodeEligible;
    const wanted = new Map(checks.map((check) => [keyOf(check), check]));
    for (const [key, { port, server }] of this.#services)
      if (wanted.get(key)?.port !== port) {
        this.#services.delete(key);
        await this.#shut(server);
      }
    for (const [key, check] of wanted) {
      const known = this.#services.get(key);
      if (known) known.answer = check;
      else await this.#serve(key, check);
    }
  }

  /** Ports of services that are open, by `namespace/name`. */
  get ports(): ReadonlyMap<string, number> {
    return new Map([...this.#services].map(([key, { port }]) => [key, port]));
  }

  async close(): Promise<void> {
    this.#services.clear();
    await Promise.all([...this.#servers].map((server) => this.#shut(server)));
  }

  async #serve(key: string, check: HealthCheckAnswer): Promise<void> {
    const { liveness, onFailure } = this.#options;
    try {
      const server = await this.#listen(check.port, (_, response) => {
        const { answer = check } = this.#services.get(key) ?? {};
        const { service, localEndpoints } = answer.body;
        const { code, headers, body } = answerOf(
          service,
          answer.port,
          localEndpoints,
          liveness.healthy,
        );
        response.writeHead(code, { ...headers }).end(JSON.stringify(body, null, '\t'));
      });
      this.#services.set(key, { port: check.port, server, answer: check });
    } catch (error) {
      const why = (error as Error).message;
      onFailure(`${key}: its health check port ${check.port} cannot be opened: ${why}`);
    }
  }

  #listen(port: number, listener: RequestListener): Promise<Server> {
    const server = createServer(listener);
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, this.#options.host, () => {
        this.#servers.add(server);
        resolve(server);
      });
    });
  }

  #shut(server: Server): Promise<void> {
    this.#servers.delete(server);
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  }
}

const keyOf = ({ body: { service } }: HealthCheckAnswer): string =>
  `${service.namespace}/${service.name}`;
