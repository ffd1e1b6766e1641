import type { Environment } from '@marcbachmann/cel-js';
import type { User } from '../../meta/index.ts';
import type { Access, Authorizer } from '../authorization/index.ts';

/** Whom to ask, and for whom. */
export interface AuthorizerContext {
  readonly authorizer: Authorizer;
  readonly user: User;
}

/** The answer to a check. */
class DecisionValue {
  readonly allowed: boolean;
  readonly reason: string;

  constructor(allowed: boolean, reason: string) {
    this.allowed = allowed;
    this.reason = reason;
  }
}

type Parts = Partial<
  Record<'group' | 'resource' | 'subresource' | 'namespace' | 'name' | 'path', string>
>;

/** `authorizer` in expressions, and the checks that are built from it: immutable, a part more with each call. */
export class AuthorizerValue {
  readonly #context: AuthorizerContext;
  readonly #parts: Parts;

  constructor(context: AuthorizerContext, parts: Parts = {}) {
    this.#context = context;
    this.#parts = parts;
  }

  with(parts: Parts): AuthorizerValue {
    return new AuthorizerValue(this.#context, { ...this.#parts, ...parts });
  }

  /** The same for a service account. */
  as(namespace: string, name: string): AuthorizerValue {
    const user: User = {
      name: `system:serviceaccount:${namespace}:${name}`,
      groups: [
        'system:serviceaccounts',
        `system:serviceaccounts:${namespace}`,
        'system:authenticated',
      ],
    };
    return new AuthorizerValue({ ...this.#context, user }, this.#parts);
  }

  check(verb: string): DecisionValue {
    const { authorizer, user } = this.#context;
    const { path, group = '', resource = '', ...rest } = this.#parts;
    const access: Access = path === undefined ? { verb, group, resource, ...rest } : { verb, path };
    const { allowed, reason = '' } = authorizer.decide(user, access);
    return new DecisionValue(allowed, reason);
  }
}

/** Adds what can be asked of an authorizer. */
export function registerAuthorizer(environment: Environment): void {
  environment.registerType('Authorizer', AuthorizerValue);
  environment.registerType('Decision', DecisionValue);
  for (const part of ['path', 'group', 'resource', 'subresource', 'namespace', 'name'] as const)
    environment.registerFunction(
      `Authorizer.${part}(string): Authorizer`,
      (asked: AuthorizerValue, value: string) => asked.with({ [part]: value }),
    );
  environment.registerFunction(
    'Authorizer.serviceAccount(string, string): Authorizer',
    (asked: AuthorizerValue, namespace: string, name: string) => asked.as(namespace, name),
  );
  environment.registerFunction(
    'Authorizer.check(string): Decision',
    (asked: AuthorizerValue, verb: string) => asked.check(verb),
  );
  environment.registerFunction(
    'Decision.allowed(): bool',
    (decision: DecisionValue) => decision.allowed,
  );
  environment.registerFunction(
    'Decision.reason(): string',
    (decision: DecisionValue) => decision.reason,
  );
}
