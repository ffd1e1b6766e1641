import { describe, expect, it } from 'vitest';
import {
  alreadyExists,
  applyConflict,
  conflict,
  invalidObject,
  isAlreadyExists,
  isConflict,
  isInvalid,
  isNamespaceTerminating,
  isNotFound,
  MODIFIED,
  notFound,
} from './status.ts';

describe('refusals', () => {
  const about = { group: 'apps', resource: 'deployments', name: 'web' };

  it('are worded as upstream words them', () => {
    const missing = notFound(about);
    expect([missing.code, missing.message]).toEqual([404, 'deployments.apps "web" not found']);
    expect(missing.status.details).toEqual({ name: 'web', group: 'apps', kind: 'deployments' });
    expect(alreadyExists(about).message).toBe('deployments.apps "web" already exists');
    expect(conflict(about, MODIFIED).message).toMatch(
      /^Operation cannot be fulfilled on deployments\.apps "web": /,
    );
    const causes = [
      { field: 'spec.a', message: 'Required value', reason: 'FieldValueRequired' },
      { field: 'spec.b', message: 'Invalid value: 1', reason: 'FieldValueInvalid' },
    ];
    expect(invalidObject(about, causes).message).toBe(
      'deployments.apps "web" is invalid: [spec.a: Required value, spec.b: Invalid value: 1]',
    );
  });

  it('of an apply list fields by manager', () => {
    const refusal = applyConflict([
      { who: '"b" using v1', field: '.data.x' },
      { who: '"a"', field: '.data.y' },
      { who: '"b" using v1', field: '.data.z' },
    ]);
    expect(refusal.message).toBe(
      'Apply failed with 3 conflicts: conflict with "a": .data.y\nconflicts with "b" using v1:\n- .data.x\n- .data.z',
    );
    expect(refusal.causes).toHaveLength(3);
  });

  it('are told apart by their reason', () => {
    const errors = [
      notFound(about),
      alreadyExists(about),
      conflict(about, ''),
      invalidObject(about, []),
    ];
    const kinds = [isNotFound, isAlreadyExists, isConflict, isInvalid];
    expect(kinds.map((is) => errors.map(is))).toEqual(
      errors.map((_, at) => errors.map((__, other) => at === other)),
    );
    expect(kinds.some((is) => is(new Error('x')))).toBe(false);
    const terminating = invalidObject(about, [{ reason: 'NamespaceTerminating', message: '' }]);
    expect([isNamespaceTerminating(terminating), isNamespaceTerminating(errors[0])]).toEqual([
      true,
      false,
    ]);
  });
});
