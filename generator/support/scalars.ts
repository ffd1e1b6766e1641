type DecimalSuffix = 'n' | 'u' | 'm' | 'k' | 'M' | 'G' | 'T' | 'P' | 'E';
type BinarySuffix = 'Ki' | 'Mi' | 'Gi' | 'Ti' | 'Pi' | 'Ei';

/** An amount as Kubernetes writes it: `500m`, `1.5Gi`, `2`, `1e3`. Plain numbers are taken too. */
export type Quantity = number | `${number}` | `${number}${DecimalSuffix | BinarySuffix}`;

/** A number, or a text such as a percentage or a port's name. */
export type IntOrString = number | string;

/** A moment in RFC 3339. */
export type Time = string;

/** A span of time: `90s`, `10m`, `1h30m`. */
export type Duration = `${number}${'ms' | 's' | 'm' | 'h' | 'd'}` | `${number}${'h' | 'm'}${number}${'m' | 's'}`;
