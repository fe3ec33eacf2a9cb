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
