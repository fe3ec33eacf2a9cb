import { execFileSync } from 'node:child_process';

/** Why this machine cannot build images, as the reason of a test that is left out; null when it can. */
export function builderHere(): string | null {
  try {
    execFileSync('docker', ['version', '--format', '{{.Server.Version}}'], { stdio: 'pipe', timeout: 20_000 });
  } catch {
    return 'no container engine answers here';
  }
  try {
    execFileSync('docker', ['buildx', 'version'], { stdio: 'pipe', timeout: 20_000 });
  } catch {
    return 'docker has no buildx here';
  }
  return null;
}

/** The environment of this process, for a builder. */
export function inheritedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
