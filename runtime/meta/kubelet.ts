/** A request to a kubelet's own server; `path` begins with a slash. */
export interface KubeletQuestion {
  readonly method: string;
  readonly path: string;
  readonly parameters: Readonly<Record<string, string>>;
}

export interface KubeletAnswer {
  readonly code: number;
  readonly contentType: string;
  readonly body: string;
}
