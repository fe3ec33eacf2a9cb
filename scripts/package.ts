// Packs what is published, as tarballs of npm: `loadgen` the native core for this machine's platform, `product` the whole of Photofinish.
// `check` installs two such tarballs in an empty folder and measures with them, without cargo on PATH.
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { minimist } from 'zx';
import { check } from './package/check.ts';
import { packLoadgen } from './package/loadgen.ts';
import { type Packed, root } from './package/npm.ts';
import { packProduct } from './package/product.ts';

const usage = `usage: npm run package -- loadgen [--binary FILE] [--out FOLDER]
       npm run package -- product [--out FOLDER]
       npm run package -- check TARBALL TARBALL [-- ARGUMENTS OF photofinish]

--binary   a native core that is built already, instead of the static build for release
--out      folder of the tarballs, dist/ when absent`;

const options = minimist(process.argv.slice(2), { string: ['binary', 'out'], '--': true });
const [what, ...files] = options._;
const out = resolve(options.out ?? join(root, 'dist'));

function tell({ file, sha256, bytes }: Packed): void {
  process.stdout.write(`${JSON.stringify({ file, sha256, bytes })}\n`);
}

await mkdir(out, { recursive: true });
if (what === 'loadgen') tell(await packLoadgen(out, options.binary === undefined ? null : resolve(options.binary)));
else if (what === 'product') tell(await packProduct(out));
else if (what === 'check' && files.length > 0)
  process.exitCode = await check(
    files.map((file) => resolve(file)),
    options['--'] ?? [],
  );
else {
  process.stderr.write(`${usage}\n`);
  process.exitCode = 2;
}
