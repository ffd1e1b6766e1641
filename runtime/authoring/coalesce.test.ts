import { describe, expect, it } from 'vitest';
import { Coalescer } from './coalesce.ts';

describe('Coalescer', () => {
  it('waits for a short silence after the last change', () => {
    const burst = new Coalescer();
    expect(burst.dueMs).toBeUndefined();
    burst.note('change', 'a.ts', 1000);
    burst.note('change', 'a.ts', 1001);
    expect(burst.dueMs).toBe(1016);
    burst.take();
    expect(burst.dueMs).toBeUndefined();
  });

  it('waits longer while a file is gone, and no longer once it is back', () => {
    const burst = new Coalescer();
    burst.note('unlink', 'a.ts', 1000);
    burst.note('change', 'b.ts', 1002);
    expect(burst.dueMs).toBe(1122);
    burst.note('add', 'a.ts', 1010);
    expect(burst.dueMs).toBe(1025);
  });

  it('does not wait for ever for a stream that never pauses', () => {
    const burst = new Coalescer();
    for (let now = 1000; now <= 1600; now += 10) burst.note('change', 'a.ts', now);
    expect(burst.dueMs).toBe(1500);
  });
});
