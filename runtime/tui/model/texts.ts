import { stringify } from 'yaml';
import { controllerOf, type KubeObject, keyOf } from '../../meta/index.ts';
import { BINDINGS } from '../keys.ts';
import { age } from './rows.ts';
import type { ObjectView, PageView } from './state.ts';
import { type Line, span } from './text.ts';
import { kindById, kindByName, objectAt, type World } from './world.ts';

/** The lines of a text view. Made anew for each frame, so that they follow the object. */
export function textLines(view: ObjectView | PageView, world: World): readonly Line[] {
  switch (view.type) {
    case 'yaml':
      return withObject(view, world, yamlLines);
    case 'describe':
      return withObject(view, world, (object) => describeLines(object, world));
    case 'why':
      return whyLines(view.key, world);
    case 'help':
      return helpLines(world);
    case 'sleepers':
      return sleeperLines(world);
    case 'queues':
      return queueLines(world);
    case 'errors':
      return errorLines(world);
  }
}

export function textTitle(view: ObjectView | PageView): string {
  return 'key' in view ? `${view.type}(${view.key})` : view.type;
}

function withObject(
  view: ObjectView,
  world: World,
  show: (object: KubeObject) => readonly Line[],
): readonly Line[] {
  const object = objectAt(world, view.resource, view.key);
  return object ? show(object) : [[span(`${view.key} does not exist any more`, 'dim')]];
}

function yamlLines(object: KubeObject): readonly Line[] {
  const source = forReading(object);
  const text = stringify(source, { lineWidth: 0 });
  return text.trimEnd().split('\n').map(yamlLine);
}

/** Without what only machines read. */
function forReading(object: KubeObject): unknown {
  const { managedFields: _, ...metadata } = object.metadata as { managedFields?: unknown };
  return { ...object, metadata };
}

function yamlLine(text: string): Line {
  const match = /^(\s*(?:- )?)([^:\s][^:]*):( .*)?$/.exec(text);
  if (!match) return [span(text)];
  return [span(match[1]!), span(match[2]!, 'key'), span(`:${match[3] ?? ''}`)];
}

function describeLines(object: KubeObject, world: World): readonly Line[] {
  const { metadata } = object;
  const owner = controllerOf(object);
  const lines: Line[] = [
    field('Name', metadata.name ?? ''),
    ...(metadata.namespace ? [field('Namespace', metadata.namespace)] : []),
    ...mapField('Labels', metadata.labels),
    ...mapField('Annotations', metadata.annotations),
    ...(owner ? [field('Controlled By', `${owner.kind}/${owner.name}`)] : []),
  ];
  const source = sourceLine(object, world);
  if (source) lines.push(source);
  for (const [name, value] of Object.entries(object)) {
    if (name === 'apiVersion' || name === 'kind' || name === 'metadata') continue;
    lines.push([span(`${name[0]!.toUpperCase()}${name.slice(1)}:`, 'title')]);
    const shown = name === 'status' ? withoutConditions(value) : value;
    const text = stringify(shown, { lineWidth: 0 }).trimEnd();
    lines.push(...text.split('\n').map((line): Line => [span('  '), ...yamlLine(line)]));
    if (name === 'status') lines.push(...conditionLines(value));
  }
  return [...lines, ...eventLines(object, world)];
}

function field(name: string, value: string): Line {
  return [span(`${name}:`.padEnd(16), 'key'), span(value)];
}

function mapField(name: string, map: Readonly<Record<string, string>> | undefined): Line[] {
  const entries = Object.entries(map ?? {});
  if (entries.length === 0) return [field(name, '<none>')];
  return entries
    .map(([key, value], at) => field(at === 0 ? name : '', `${key}=${value}`))
    .map((line, at): Line => (at === 0 ? line : [span(' '.repeat(16)), ...line.slice(1)]));
}

function sourceLine(object: KubeObject, world: World): Line | undefined {
  const kind = kindByName(world, object.kind);
  const source = kind && world.control.sourceOf(kind.ref.resource, keyOf(object));
  return source && field('Manifest', `${source.file}:${source.line}:${source.column}`);
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

function withoutConditions(status: unknown): unknown {
  const { conditions: _, ...rest } = (status ?? {}) as { conditions?: unknown };
  return rest;
}

function conditionLines(status: unknown): Line[] {
  const { conditions } = (status ?? {}) as { conditions?: readonly Condition[] };
  if (!conditions || conditions.length === 0) return [];
  return [
    [span('Conditions:', 'title')],
    ...conditions.map(
      ({ type, status: value, reason, message }): Line => [
        span(`  ${type.padEnd(28)}`, 'key'),
        span(value.padEnd(8), value === 'True' ? 'ok' : 'pending'),
        span(`${reason ?? ''}  ${message ?? ''}`.trim()),
      ],
    ),
  ];
}

interface EventLike extends KubeObject {
  readonly involvedObject: { readonly uid?: string };
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number;
  readonly lastTimestamp?: string;
}

function eventLines(object: KubeObject, world: World): Line[] {
  const kind = kindById(world, 'events');
  if (!kind) return [];
  const events = world
    .lister(kind.ref)
    .list(object.metadata.namespace ?? 'default')
    .filter(
      (event) => (event as EventLike).involvedObject.uid === object.metadata.uid,
    ) as EventLike[];
  if (events.length === 0) return [[span('Events:', 'title'), span('  <none>')]];
  const nowMs = world.control.clock().nowMs;
  return [
    [span('Events:', 'title')],
    ...events.map(
      (event): Line => [
        span(`  ${(event.type ?? '').padEnd(8)}`, event.type === 'Warning' ? 'error' : 'ok'),
        span(`${(event.reason ?? '').padEnd(20)} `, 'key'),
        span(`${age(nowMs - Date.parse(event.lastTimestamp ?? '')).padEnd(6)} `, 'dim'),
        span(`${(event.count ?? 1) > 1 ? `(x${event.count}) ` : ''}${event.message ?? ''}`),
      ],
    ),
  ];
}

function whyLines(podKey: string, world: World): readonly Line[] {
  const why = world.control.why(podKey);
  if (!why) return [[span(`the scheduler knows nothing of ${podKey}`, 'dim')]];
  const width = Math.max(8, ...why.nodes.map(({ name }) => name.length));
  return [
    [span(why.summary, 'title')],
    [],
    ...why.nodes.map(
      ({ name, refusedBy, reason, score }): Line => [
        span(`  ${name.padEnd(width + 2)}`),
        refusedBy === undefined
          ? span(`fits${score === undefined ? '' : `  score ${score}`}`, 'ok')
          : span(`${refusedBy}: ${reason ?? ''}`, 'pending'),
      ],
    ),
    [],
    ...why.counterfactual.map((text): Line => [span(`  → ${text}`, 'info')]),
  ];
}

function helpLines(world: World): readonly Line[] {
  const lines: Line[] = [];
  for (const group of ['Global', 'Movement', 'Lists', 'Time'] as const) {
    lines.push([span(group, 'title')]);
    for (const binding of BINDINGS.filter((each) => each.group === group))
      lines.push([span(`  ${binding.keys.padEnd(10)}`, 'key'), span(binding.does)]);
  }
  lines.push([span('Commands', 'title')]);
  const commands = ['conv', 'sleepers', 'queues', 'errors', 'help', 'q'].map((name) => `:${name}`);
  lines.push([span(`  ${commands.join('  ')}`)]);
  const kinds = world.kinds.map(({ descriptor }) =>
    [descriptor.plural, ...descriptor.shortNames].map((name) => `:${name}`).join(' '),
  );
  return [...lines, ...kinds.map((text): Line => [span(`  ${text}`)])];
}

function sleeperLines(world: World): readonly Line[] {
  const { nowMs } = world.control.clock();
  return world.control
    .sleepers(200)
    .map(
      ({ actor, key, atMs, kind }): Line => [
        span(`in ${age(atMs - nowMs)}`.padEnd(10), kind === 'work' ? 'pending' : 'dim'),
        span(`${actor.padEnd(18)} `, 'key'),
        span(key),
      ],
    );
}

function queueLines(world: World): readonly Line[] {
  return world.control
    .components()
    .map(
      ({ name, depth, ready }): Line => [
        span(`${name.padEnd(20)} `, 'key'),
        span(String(depth).padStart(6)),
        span(ready ? '  working' : '  resting', ready ? 'pending' : 'dim'),
      ],
    );
}

/** The frames of the last save's mistakes, or that there are none. */
export function errorLines(world: World): readonly Line[] {
  const errors = world.control.manifests()?.errors ?? [];
  if (errors.length === 0) return [[span('the last save has no errors', 'ok')]];
  return errors.flatMap(({ frame }) => [
    ...frame.split('\n').map((text): Line => [span(text, frameTone(text))]),
    [],
  ]);
}

function frameTone(text: string): 'error' | 'info' | 'normal' | 'dim' {
  if (text.startsWith('error')) return 'error';
  if (/^\s+\|\s*\^/.test(text)) return 'error';
  if (/^\s+(help|note):/.test(text)) return 'info';
  return /^\s+\d+\|/.test(text) ? 'normal' : 'dim';
}
