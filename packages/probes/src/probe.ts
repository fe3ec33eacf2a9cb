import type { Resources, ServerHandle } from '@photofinish/schema';

/** Resource use without the figures that need a throughput. */
export type ResourceUse = Omit<Resources, 'cpuPerRequestSeconds'>;

/** A reading under way: begun at the window's first edge, ended at its last. Nothing is polled between. Disposing of it gives back what it holds. */
export interface ProbeReading extends Disposable {
  /** Reads the second edge. Throws `MeasurementError` `E_PROBE` when the server is gone. */
  finish(): Promise<ResourceUse>;
}

/** What reads the resource use of a running server. `start` resets peaks and reads the first edge. */
export interface Probe {
  readonly id: string;
  /** Throws `MeasurementError` `E_PROBE` when the server is gone. */
  start(server: ServerHandle): Promise<ProbeReading>;
}
