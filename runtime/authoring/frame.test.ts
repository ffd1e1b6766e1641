import { describe, expect, it } from 'vitest';
import type { Finding } from './contract.ts';
import { formatFinding, formatFindings } from './frame.ts';

const at = (line: number, column: number, endColumn: number, endLine = line): Finding => ({
  code: 'E_MANIFEST_ENUM',
  severity: 'error',
  message: '`restartPolicy` must be one of Always, OnFailure, Never; got "always"',
  object: 'shop › Deployment/web',
  fieldPath: 'spec.template.spec.restartPolicy',
  range: { file: 'manifests/shop.ts', line, column, endLine, endColumn },
  help: "did you mean 'Always'?   slipway explain deployment.spec.template.spec.restartPolicy",
});

describe('a frame', () => {
  it('has the shape of the style guide', () => {
    const lines = Array.from({ length: 18 }, () => '');
    lines[16] = '    containers: [web],';
    lines[17] = "    restartPolicy: 'always',";
    const note = 'the cluster keeps the last good version of this file';
    expect(formatFinding(at(18, 20, 28), () => lines.join('\n'), note)).toMatchInlineSnapshot(`
      "error E_MANIFEST_ENUM: \`restartPolicy\` must be one of Always, OnFailure, Never; got "always"
        shop › Deployment/web › spec.template.spec.restartPolicy

        ❯ manifests/shop.ts:18:20
           17|     containers: [web],
           18|     restartPolicy: 'always',
             |                    ^^^^^^^^
        help: did you mean 'Always'?   slipway explain deployment.spec.template.spec.restartPolicy
        note: the cluster keeps the last good version of this file"
    `);
  });

  it('keeps the mark under wide letters and tabs, and within the first line', () => {
    const text = "\tname: '船', kind: {\n  x }";
    expect(formatFinding(at(1, 13, 17), () => text)).toMatchInlineSnapshot(`
      "error E_MANIFEST_ENUM: \`restartPolicy\` must be one of Always, OnFailure, Never; got "always"
        shop › Deployment/web › spec.template.spec.restartPolicy

        ❯ manifests/shop.ts:1:13
            1|   name: '船', kind: {
             |               ^^^^
        help: did you mean 'Always'?   slipway explain deployment.spec.template.spec.restartPolicy"
    `);
    expect(formatFinding(at(1, 19, 4, 2), () => text)).toMatchInlineSnapshot(`
      "error E_MANIFEST_ENUM: \`restartPolicy\` must be one of Always, OnFailure, Never; got "always"
        shop › Deployment/web › spec.template.spec.restartPolicy

        ❯ manifests/shop.ts:1:19
            1|   name: '船', kind: {
             |                     ^
        help: did you mean 'Always'?   slipway explain deployment.spec.template.spec.restartPolicy"
    `);
  });

  it('shows a piece of a very long line', () => {
    const text = `${'a'.repeat(300)}MARK${'b'.repeat(300)}`;
    expect(formatFinding(at(1, 301, 305), () => text)).toMatchInlineSnapshot(`
      "error E_MANIFEST_ENUM: \`restartPolicy\` must be one of Always, OnFailure, Never; got "always"
        shop › Deployment/web › spec.template.spec.restartPolicy

        ❯ manifests/shop.ts:1:301
            1| …aaaaaaaaaaaaaaaaaaaaaaaaaMARKbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb…
             |                           ^^^^
        help: did you mean 'Always'?   slipway explain deployment.spec.template.spec.restartPolicy"
    `);
  });

  it('goes without what is not known', () => {
    const bare: Finding = { code: 'E_MANIFEST_FOLDER', severity: 'error', message: 'no folder x' };
    expect(formatFinding(bare, () => undefined)).toBe('error E_MANIFEST_FOLDER: no folder x');
    expect(formatFinding({ ...bare, causes: ['a', 'b'] }, () => undefined)).toMatchInlineSnapshot(`
      "error E_MANIFEST_FOLDER: no folder x
        Caused by: a
        Caused by: b"
    `);
    expect(formatFinding(at(3, 1, 2), () => undefined)).toMatchInlineSnapshot(`
      "error E_MANIFEST_ENUM: \`restartPolicy\` must be one of Always, OnFailure, Never; got "always"
        shop › Deployment/web › spec.template.spec.restartPolicy

        ❯ manifests/shop.ts:3:1
        help: did you mean 'Always'?   slipway explain deployment.spec.template.spec.restartPolicy"
    `);
    expect(formatFinding(at(9, 1, 2), () => 'gone')).toContain('❯ manifests/shop.ts:9:1');
  });
});

describe('many findings', () => {
  const bare = (message: string, severity: 'error' | 'warning' = 'error'): Finding => ({
    code: 'E_MANIFEST_TYPE',
    severity,
    message,
  });

  it('are the first five errors, how many more, and the count', () => {
    const findings = Array.from({ length: 17 }, (_, at) => bare(`number ${at}`));
    const text = formatFindings([bare('w', 'warning'), ...findings], () => undefined, 'kept');
    expect(text).toMatchInlineSnapshot(`
      "error E_MANIFEST_TYPE: number 0

      error E_MANIFEST_TYPE: number 1

      error E_MANIFEST_TYPE: number 2

      error E_MANIFEST_TYPE: number 3

      error E_MANIFEST_TYPE: number 4

      … and 12 more

      note: kept

      17 errors, 1 warning"
    `);
  });

  it('are warnings when there is no error, and nothing when there is none', () => {
    expect(formatFindings([bare('w', 'warning')], () => undefined)).toMatchInlineSnapshot(`
      "warning E_MANIFEST_TYPE: w

      1 warning"
    `);
    expect(formatFindings([], () => undefined)).toBe('');
  });
});
