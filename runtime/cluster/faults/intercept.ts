import type { ApiRequest, ApiResponse } from '../../meta/index.ts';
import { type Interception, refusalOf } from './gate.ts';
import { fits } from './kind.ts';
import type { Entry } from './state.ts';

const WRITES: ReadonlySet<string> = new Set(['create', 'update', 'patch', 'delete']);

const GONE = { code: 503, reason: 'ServiceUnavailable', message: 'the component has crashed' };

interface Hitting {
  readonly active: readonly Entry[];
  /** Components that are dead. */
  readonly dead: ReadonlyMap<string, string>;
  isComponent(name: string): boolean;
  /** Notes one more strike; returns how many there are now. */
  count(id: string): number;
  strike(entry: Entry, what: string, detail: unknown): number;
  die(component: string, entry: Entry): void;
}

/** What becomes of requests while faults may hit them. Requests of people pass. */
export function interceptor(hitting: Hitting): Interception {
  const refusing = hitting.active.filter(({ kind }) => kind.refuse);
  const fatal = hitting.active.filter(({ kind, value }) => (kind.fatalWrite?.(value) ?? 0) > 0);
  return (request, pass) => {
    const { component } = request.cause;
    if (hitting.dead.has(component)) return refusalOf(GONE, 0);
    if (!hitting.isComponent(component)) return pass();
    for (const entry of refusing) {
      const refusal = entry.kind.refuse!(entry.value, request, () => entry.random.float());
      if (!refusal) continue;
      hitting.count(entry.id);
      const strike = hitting.strike(entry, refusal.reason, detailOf(request));
      if (refusal.done) return after(pass(), () => refusalOf(refusal, strike));
      return refusalOf(refusal, strike);
    }
    for (const entry of fatal) {
      if (!WRITES.has(request.verb) || request.options?.dryRun) continue;
      if (!fits(entry.kind.component?.(entry.value), component)) continue;
      if (hitting.count(entry.id) !== entry.kind.fatalWrite!(entry.value)) continue;
      return after(pass(), () => {
        const strike = hitting.strike(entry, 'crash', detailOf(request));
        hitting.die(component, entry);
        return refusalOf(GONE, strike);
      });
    }
    return pass();
  };
}

function after(
  answer: ApiResponse | Promise<ApiResponse>,
  then: () => ApiResponse,
): ApiResponse | Promise<ApiResponse> {
  return answer instanceof Promise ? answer.then(then) : then();
}

function detailOf({ verb, resource, namespace, name, subresource, cause }: ApiRequest): object {
  return {
    component: cause.component,
    verb,
    resource: resource.resource,
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
  };
}
