import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EnvironmentError } from '@photofinish/schema';

/** What a client shows and trusts, each as PEM text. */
export interface Certificates {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/**
 * Reads `ca.pem`, `cert.pem` and `key.pem` of a folder. Throws `EnvironmentError` `E_ENGINE_CERTIFICATE` when one is missing, is none, or when the
 * client's own has expired: that would otherwise come back from the engine as a bare refusal.
 */
export async function readCertificates(folder: string, now = new Date()): Promise<Certificates> {
  const [ca, cert, key] = await Promise.all(['ca.pem', 'cert.pem', 'key.pem'].map((name) => read(folder, name)));
  if (ca === undefined || cert === undefined || key === undefined) throw new TypeError('three files were asked for');
  const own = certificate(join(folder, 'cert.pem'), cert);
  certificate(join(folder, 'ca.pem'), ca);
  if (now > own.validToDate) {
    throw new EnvironmentError('E_ENGINE_CERTIFICATE', {
      what: `The client certificate expired at ${own.validToDate.toISOString()}.`,
      where: join(folder, 'cert.pem'),
      remedy: 'Sign a new client certificate by the same authority and put it there.',
    });
  }
  return { ca, cert, key };
}

async function read(folder: string, name: string): Promise<string> {
  try {
    return await readFile(join(folder, name), 'utf8');
  } catch (cause) {
    throw new EnvironmentError('E_ENGINE_CERTIFICATE', {
      what:
        name === 'ca.pem'
          ? 'The certificate of the authority that vouches for the container engine is missing.'
          : 'There is no client certificate: an engine of another machine is only spoken to with one.',
      where: join(folder, name),
      allowed: 'a folder with ca.pem, cert.pem and key.pem',
      remedy: 'Set DOCKER_CERT_PATH to that folder.',
      cause,
    });
  }
}

function certificate(path: string, text: string): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch (cause) {
    throw new EnvironmentError('E_ENGINE_CERTIFICATE', {
      what: 'This file is no certificate.',
      where: path,
      allowed: 'a certificate in PEM form',
      remedy: 'Replace it by the one that was issued for the container engine.',
      cause,
    });
  }
}
