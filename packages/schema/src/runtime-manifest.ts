import { z } from 'zod';
import { ModelId, RuntimeId } from './ids.ts';
import { Seconds, seconds } from './units.ts';

/** Where an executable may be found. The newest suitable version over all places wins. */
export const ToolchainPlace = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('variable'),
    /** Environment variable that names a folder, e.g. `JAVA_HOME`. */
    name: z.string().regex(/^[A-Z][A-Z0-9_]*$/),
    /** Path of the executable below it, e.g. `bin/java`. */
    path: z.string(),
  }),
  z.strictObject({
    kind: z.literal('search-path'),
    /** Names looked for in every folder of `PATH`. */
    names: z.array(z.string()).min(1),
  }),
  z.strictObject({
    kind: z.literal('folders'),
    /** Glob patterns of executables; a leading `~` is the home folder. */
    patterns: z.array(z.string()).min(1),
  }),
  z.strictObject({
    kind: z.literal('command'),
    /** A command that prints paths of executables, one a line, e.g. `uv python find`. Ignored where it is missing or fails. */
    command: z.array(z.string()).min(1),
  }),
  z.strictObject({
    kind: z.literal('harness'),
  }),
]);
export type ToolchainPlace = z.infer<typeof ToolchainPlace>;

/** How the toolchain of a runtime is found and judged. */
export const Toolchain = z.strictObject({
  /** Name shown to people, e.g. `JDK`. */
  name: z.string().min(1),
  /** Oldest suitable version, dotted numbers. */
  minimum: z.string().regex(/^\d+(\.\d+)*$/),
  /** Where to look. `harness` is the Node that runs Photofinish itself. */
  places: z.array(ToolchainPlace).min(1),
  /** Arguments that make the executable print its version. */
  versionArguments: z.array(z.string()),
  /** Regular expression whose first group is the dotted version. */
  versionPattern: z.string(),
  /** Environment variables set for build and start: value templates, `{toolchain}` is the executable, `{home}` the folder above its folder. */
  environment: z.record(z.string(), z.string()).default({}),
  /** Files that must stand beside the executable, e.g. `javac` for a JDK that is more than a JRE. */
  siblings: z.array(z.string()).default([]),
  /** Further executables the build needs on `PATH`, each with the command that supplies it. */
  needs: z.array(z.strictObject({ command: z.string(), remedy: z.string() })).default([]),
  /** The one command that supplies a suitable toolchain. */
  remedy: z.string().min(1),
});
export type Toolchain = z.infer<typeof Toolchain>;

/** One concurrency model of a runtime: the definition a plan starts servers from. */
export const ModelManifest = z.strictObject({
  id: ModelId,
  /** One line for people: `event loop, one process`. */
  title: z.string().min(1).max(120),
  /**
   * The command, started in the runtime's folder without a shell. Templates: `{toolchain}` is the executable found, `{home}` the folder above
   * its folder, and `{CORES}`, `{THREADS}`, `{CPU_POOL}` the values of the plan.
   */
  command: z.array(z.string()).min(1),
  /** Further environment variables; same templates. */
  environment: z.record(z.string(), z.string()).default({}),
  /** Whether the model has a request thread pool sized by `THREADS`, and one for CPU work sized by `CPU_POOL`. */
  pools: z.array(z.enum(['THREADS', 'CPU_POOL'])).default([]),
  /** Serving processes: one, or as many as granted cores. */
  processes: z.enum(['one', 'cores']),
});
export type ModelManifest = z.infer<typeof ModelManifest>;

/** `runtimes/<id>/runtime.json`: everything the harness knows about a runtime. */
export const RuntimeManifest = z
  .strictObject({
    $schema: z.string().optional(),
    id: RuntimeId,
    name: z.string().min(1).max(60),
    /** Colour of the runtime in every picture: a name of the Okabe-Ito palette. */
    colour: z.enum(['orange', 'sky-blue', 'bluish-green', 'yellow', 'blue', 'vermillion', 'reddish-purple', 'black']),
    /**
     * Shortest warm-up under load after which its throughput no longer rises on one core, seconds; 0 where nothing is compiled that long. Its
     * README says how that was seen.
     */
    warmupSeconds: Seconds.default(seconds(0)),
    toolchain: Toolchain,
    /** What its image (the Dockerfile beside the manifest) has; absent where it has none. */
    image: z
      .strictObject({
        /** Path in the image of the executable that `{toolchain}` stands for. */
        toolchain: z.string().startsWith('/'),
      })
      .optional(),
    models: z.array(ModelManifest).min(1),
  })
  .meta({ id: 'runtime', title: 'Runtime manifest' });
export type RuntimeManifest = z.infer<typeof RuntimeManifest>;
