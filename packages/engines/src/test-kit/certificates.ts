import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

/** An authority of a test: two certificates of one are trusted by each other's holders. */
export interface TestAuthority {
  /** Folder of `ca.pem` and `ca-key.pem`. */
  readonly folder: string;
  /** Writes `ca.pem`, `cert.pem` and `key.pem` into `<folder>/<name>` and gives that folder. A negative number of days: it has expired already. */
  issue(
    name: string,
    what: { readonly use: 'server' | 'client'; readonly names?: readonly string[]; readonly days?: number },
  ): Promise<string>;
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** Makes an authority in a folder with openssl(1); everything it signs lasts two days at most. */
export async function testAuthority(folder: string): Promise<TestAuthority> {
  await mkdir(folder, { recursive: true });
  const at = (...parts: string[]) => join(folder, ...parts);
  const openssl = (...words: string[]) => execa('openssl', words, { stdin: 'ignore' });
  await openssl(
    'req',
    '-x509',
    ...newKey,
    '-keyout',
    at('ca-key.pem'),
    '-out',
    at('ca.pem'),
    '-subj',
    '/CN=authority of a test',
    '-days',
    '2',
  );
  return {
    folder,
    async issue(name, { use, names = [], days = 2 }) {
      await mkdir(at(name), { recursive: true });
      const alternatives = names.map((one) => `${/^[\d.]+$/.test(one) ? 'IP' : 'DNS'}:${one}`);
      const lines = [
        `extendedKeyUsage=${use}Auth`,
        ...(names.length === 0 ? [] : [`subjectAltName=${alternatives.join(',')}`]),
      ];
      await writeFile(at(name, 'extensions'), `${lines.join('\n')}\n`);
      await openssl(
        'req',
        '-new',
        ...newKey,
        '-keyout',
        at(name, 'key.pem'),
        '-out',
        at(name, 'request.pem'),
        '-subj',
        `/CN=${name}`,
      );
      await openssl(
        'x509',
        '-req',
        '-in',
        at(name, 'request.pem'),
        '-CA',
        at('ca.pem'),
        '-CAkey',
        at('ca-key.pem'),
        '-CAcreateserial',
        '-days',
        String(days),
        '-extfile',
        at(name, 'extensions'),
        '-out',
        at(name, 'cert.pem'),
      );
      await execa('cp', [at('ca.pem'), at(name, 'ca.pem')]);
      return at(name);
    },
  };
}
