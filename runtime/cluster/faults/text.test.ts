import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../cli/commands.ts';
import type { FaultError } from './form.ts';
import { FAULT_KINDS } from './table.ts';
import { faultText, parseFault } from './text.ts';

const RIGHT: readonly (readonly [string, object])[] = [
  ['zone=b@5m', { zone: 'b', at: '5m' }],
  ['node=n1@5m+2m', { node: 'n1', at: '5m', duration: '2m' }],
  ['node=worker-*+90s', { node: 'worker-*', duration: '90s' }],
  ['partition=n1', { partition: { node: 'n1' } }],
  ['partition=zone:eu-1a@1h30m', { partition: { zone: 'eu-1a' }, at: '1h30m' }],
  ['watch=deployment,lag=5s', { watch: { component: 'deployment', lag: '5s' } }],
  [
    'watch=*,loss=12.5%,resource=pods',
    { watch: { component: '*', loss: 0.125, resource: 'pods' } },
  ],
  [
    'api=10%,error=Conflict,component=job,verb=update,resource=jobs@1s+1m',
    {
      api: { rate: 0.1, error: 'Conflict', component: 'job', verb: 'update', resource: 'jobs' },
      at: '1s',
      duration: '1m',
    },
  ],
  ['crash=scheduler', { crash: { component: 'scheduler' } }],
  ['crash=deployment,after=3', { crash: { component: 'deployment', afterWrites: 3 } }],
  ['pressure=n1,memory=97%,disk=95%', { pressure: { node: 'n1', memory: 0.97, disk: 0.95 } }],
  ['pull=web@sha256:0f', { pull: { image: 'web@sha256:0f' } }],
  ['pull=a.b/c:1,on=zone:b@2m', { pull: { image: 'a.b/c:1', zone: 'b' }, at: '2m' }],
  [
    'probe=liveness,pod=web-*,container=main,on=n1',
    { probe: { probe: 'liveness', pod: 'web-*', container: 'main', node: 'n1' } },
  ],
  ['clock=10m@5m', { clock: { jump: '10m' }, at: '5m' }],
];

const WRONG: readonly (readonly [string, string])[] = [
  ['flood=b', '"flood" is no fault'],
  ['zone', 'zone does not say what it hits'],
  ['zone=', 'the name of the zone is missing'],
  ['zone=b@soon', '"b@soon" is no name of a zone'],
  ['zone=b@5', '"5" is no duration: write 90s, 10m or 1h30m'],
  ['zone=b,a=1', 'there is no option a'],
  ['zone=b,a', '"a" is no option: write name=value'],
  ['watch=job', 'neither lag nor loss is given'],
  ['watch=job,lag=5', 'lag is no duration: "5"; write 90s, 10m or 1h30m'],
  ['watch=job,lag=5s,lag=6s', 'lag is given twice'],
  ['api=110%', 'the rate is no share: "110%"; write 25% or 0.25'],
  [
    'api=1,error=Oops',
    'error must be one of Unavailable, Conflict, InternalError, TooManyRequests, Timeout, Lost; got "Oops"',
  ],
  ['crash=job,after=x', 'after is no whole number: "x"'],
  ['pressure=n1', 'none of memory, disk and pids is given'],
  ['partition=zone:', '"" is no name of a zone'],
  ['clock=now', '"now" is no duration: write 90s, 10m or 1h30m'],
  ['clock=10m+5m', 'clock happens in a moment and has no duration'],
];

describe('a fault on a command line', () => {
  it.each(RIGHT)('%s is read, and written the same', (text, spec) => {
    expect(parseFault(text)).toEqual(spec);
    expect(faultText(parseFault(text))).toBe(text);
  });

  it.each(WRONG)('%s is refused', (text, message) => {
    expect(() => parseFault(text)).toThrow(message);
  });

  it('is told what would be right', () => {
    const helpOf = (text: string): string | undefined => {
      try {
        parseFault(text);
      } catch (error) {
        return (error as FaultError).help;
      }
      return undefined;
    };
    expect(helpOf('flood=b')).toBe(
      'there are node, zone, partition, watch, api, crash, pressure, pull, probe, clock',
    );
    expect(helpOf('zone=')).toBe('write zone=NAME[@TIME][+DURATION]');
  });
});

it('is in the help of run, in every form', () => {
  const notes = COMMANDS.find(({ name }) => name === 'run')?.notes ?? '';
  expect(FAULT_KINDS.map(({ form }) => form).filter((form) => !notes.includes(form))).toEqual([]);
});
