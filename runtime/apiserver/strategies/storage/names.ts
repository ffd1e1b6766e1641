import { FORMAT_CHECKS } from '../../../../generator/model/index.ts';
import { invalid, type Problem, required, tooLong } from '../problem.ts';

const NAME_MAX = 63;

/** Of the name of a storage driver: a domain, in whatever case. No name at all is told twice, as upstream does. */
export function driverNameProblems(name: string, field: string): Problem[] {
  const wrong = FORMAT_CHECKS['dns-subdomain'](name.toLowerCase());
  return [
    ...(name === '' ? [required(field)] : []),
    ...(name.length > NAME_MAX ? [tooLong(field, NAME_MAX)] : []),
    ...(wrong ? [invalid(field, name, wrong)] : []),
  ];
}

const PARAMETERS_MAX = 512;
const SIZE_MAX = 256 * 1024;

/** Of settings for a driver or provisioner. */
export function parameterProblems(parameters: Readonly<Record<string, string>> = {}): Problem[] {
  const entries = Object.entries(parameters);
  if (entries.length > PARAMETERS_MAX) return [tooLong('parameters', PARAMETERS_MAX)];
  const size = entries.reduce((sum, [key, value]) => sum + bytes(key) + bytes(value), 0);
  return [
    ...('' in parameters ? [invalid('parameters', '', 'field can not be empty.')] : []),
    ...(size > SIZE_MAX ? [tooLong('parameters', SIZE_MAX)] : []),
  ];
}

const bytes = (text: string): number => Buffer.byteLength(text);
