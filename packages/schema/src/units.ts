import { z } from 'zod';

/** A span of time in seconds, from a monotonic clock unless the field says otherwise. */
export const Seconds = z.number().nonnegative().brand('Seconds');
export type Seconds = z.infer<typeof Seconds>;

/** An amount of memory or data in bytes. */
export const Bytes = z.number().nonnegative().brand('Bytes');
export type Bytes = z.infer<typeof Bytes>;

/** A rate in events per second. */
export const PerSecond = z.number().nonnegative().brand('PerSecond');
export type PerSecond = z.infer<typeof PerSecond>;

/** A number of processor cores granted by a plan. */
export const Cores = z.number().int().positive().brand('Cores');
export type Cores = z.infer<typeof Cores>;

/** Brands a number of seconds. Throws `ZodError` when it is negative or not finite. */
export const seconds = (value: number): Seconds => Seconds.parse(value);
/** Brands a number of bytes. Throws `ZodError` when it is negative or not finite. */
export const bytes = (value: number): Bytes => Bytes.parse(value);
/** Brands a rate per second. Throws `ZodError` when it is negative or not finite. */
export const perSecond = (value: number): PerSecond => PerSecond.parse(value);
/** Brands a number of cores. Throws `ZodError` when it is not a positive integer. */
export const cores = (value: number): Cores => Cores.parse(value);

/** A non-negative whole number. */
export const Count = z.number().int().nonnegative();
