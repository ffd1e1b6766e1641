import { describe, expect, it } from 'vitest';
import { endpointLocator } from './endpoint-overrides.ts';

describe('where endpoints are', () => {
  const locate = endpointLocator(
    '10.244.1.5:8080=127.0.0.1:9000, 10.244.1.5=10.0.0.1,10.244.0.0/16=localhost,fd00::/8=[::1]:7000,[fd01::1]:80=127.0.0.1:1',
  );

  it.each([
    ['10.244.1.5:8080', '127.0.0.1', 9000],
    ['10.244.1.5:8081', '10.0.0.1', 8081],
    ['10.244.9.9:8080', 'localhost', 8080],
    ['10.245.9.9:8080', '10.245.9.9', 8080],
    ['[fd12::5]:80', '::1', 7000],
    // The first that matches counts.
    ['[fd01::1]:80', '::1', 7000],
    ['[2001:db8::1]:80', '2001:db8::1', 80],
  ])('%s', (endpoint, host, port) => {
    expect(locate(endpoint)).toEqual({ host, port });
  });

  it('is as the endpoint says when nothing is said', () => {
    expect(endpointLocator('')('10.0.0.1:80')).toEqual({ host: '10.0.0.1', port: 80 });
  });

  it.each([
    '10.0.0.1',
    'web=127.0.0.1',
    '10.0.0.1=',
    '10.0.0.1:70000=a',
    '10.0.0.0/40=a',
    '10.0.0.1=a:b',
    '1.2.3.4=a=b',
  ])('refuses %s', (text) => {
    expect(() => endpointLocator(text)).toThrow(`${text} must be like`);
  });
});
