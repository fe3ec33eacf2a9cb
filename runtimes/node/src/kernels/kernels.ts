/** The CPU work of the contract, computed wherever the model computes: here and now, or later by somebody else. */
export interface Kernels {
  /** `steps` steps of xorshift; 8 hexadecimal digits. */
  spin(steps: number): string | Promise<string>;
  /** Parses and reduces the payload `repeat` times; the checksum line. */
  json(repeat: number): string | Promise<string>;
}
