import { randomInt } from 'node:crypto';
import { execa } from 'execa';

/** A network of its own, joined to this one by a pair of interfaces. Disposing of it removes both. */
export interface NetworkNamespace extends AsyncDisposable {
  readonly name: string;
  /** For `nsenter --net=<path>`. (`ip netns exec` would hide the control groups.) */
  readonly path: string;
  /** Its address, reachable from here. */
  readonly address: string;
  /** Address of this side. */
  readonly here: string;
  /** Drops everything in between from now on, without a word to either side. */
  cut(): Promise<void>;
}

/** Makes a namespace with a pair of addresses out of 198.18.0.0/15, which is set aside for tests of devices (RFC 2544). Needs root. */
export async function networkNamespace(): Promise<NetworkNamespace> {
  const number = randomInt(0, 2 ** 14);
  const name = `pf-${number.toString(36)}-${process.pid.toString(36)}`;
  const outer = `pfo${number.toString(36)}`;
  const inner = `pfi${number.toString(36)}`;
  const base = `198.${18 + (number >> 13)}.${(number >> 5) & 255}`;
  const offset = (number & 31) * 4;
  const [here, address] = [`${base}.${offset + 1}`, `${base}.${offset + 2}`];
  const ip = (...words: string[]) => execa('ip', words, { stdin: 'ignore' });
  const remove = async () => {
    await execa('ip', ['link', 'delete', outer], { reject: false });
    await execa('ip', ['netns', 'delete', name], { reject: false });
  };
  await ip('netns', 'add', name);
  try {
    await ip('link', 'add', outer, 'type', 'veth', 'peer', 'name', inner);
    await ip('link', 'set', inner, 'netns', name);
    await ip('address', 'add', `${here}/30`, 'dev', outer);
    await ip('link', 'set', outer, 'up');
    await ip('-n', name, 'address', 'add', `${address}/30`, 'dev', inner);
    await ip('-n', name, 'link', 'set', inner, 'up');
    await ip('-n', name, 'link', 'set', 'lo', 'up');
    await ip('-n', name, 'route', 'add', 'default', 'via', here);
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    name,
    path: `/var/run/netns/${name}`,
    address,
    here,
    // A link that is down here would be told to the programs of this side at once.
    cut: async () => {
      await ip('-n', name, 'link', 'set', inner, 'down');
    },
    [Symbol.asyncDispose]: remove,
  };
}
