import { describe, expect, it } from 'vitest';
import {
  canonicalIP,
  canonicalRange,
  familyOf,
  isZeroRange,
  rangeContains,
  rangeFamily,
} from './addresses.ts';

describe('addresses', () => {
  it('are told apart by family', () => {
    expect(['10.0.0.1', 'fd00::1', 'host', ''].map(familyOf)).toEqual([
      'IPv4',
      'IPv6',
      undefined,
      undefined,
    ]);
    expect(['10.0.0.0/8', '::/0', '10.0.0.0/33', '10.0.0.1', 'x/8'].map(rangeFamily)).toEqual([
      'IPv4',
      'IPv6',
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('are written in one form', () => {
    expect(['10.0.0.1', 'FD00:0:0:0:0:0:0:1', 'fd00::0:a'].map(canonicalIP)).toEqual([
      '10.0.0.1',
      'fd00::1',
      'fd00::a',
    ]);
    expect(
      ['10.1.2.3/16', '10.1.2.3/32', '0.0.0.0/0', 'fd00:1:2::5/48', '::1/128'].map(canonicalRange),
    ).toEqual(['10.1.0.0/16', '10.1.2.3/32', '0.0.0.0/0', 'fd00:1:2::/48', '::1/128']);
  });

  it('are understood as old objects may have them', () => {
    const odd = ['010.180.000.041', '::ffff:10.1.2.3', '::FFFF:a01:203'];
    expect(odd.map(familyOf)).toEqual(['IPv4', 'IPv4', 'IPv4']);
    expect(odd.map(canonicalIP)).toEqual(['10.180.0.41', '10.1.2.3', '10.1.2.3']);
    expect(canonicalRange('203.000.113.009/024')).toBe('203.0.113.0/24');
    expect(['256.0.0.01', '1.2.3', '01'].map(familyOf)).toEqual([undefined, undefined, undefined]);
    expect(familyOf('::fffe:10.1.2.3')).toBe('IPv6');
  });

  it('lie in ranges of their family', () => {
    expect(rangeContains('10.1.0.0/16', '10.1.255.255')).toBe(true);
    expect(rangeContains('10.1.0.0/16', '10.2.0.0')).toBe(false);
    expect(rangeContains('fd00::/16', 'fd00:1::1')).toBe(true);
    expect(rangeContains('::/0', '10.1.0.1')).toBe(false);
    expect(['0.0.0.0/0', '::/0', '10.0.0.0/8'].map(isZeroRange)).toEqual([true, true, false]);
  });
});
