/**
 * Tags of the images a Dockerfile builds upon, each once, in the order of their names. Stages of its own and `scratch` are none; a digest argument
 * (`${NAME:+...}`) is taken as not given.
 */
export function baseImages(dockerfile: string): string[] {
  const stages = new Set(['scratch']);
  const bases = new Set<string>();
  for (const line of dockerfile.split('\n')) {
    const [, image, stage] = /^FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/i.exec(line) ?? [];
    if (image === undefined) continue;
    const tag = image.replace(/\$\{\w+:\+[^$]*(?:\$\{\w+\})?\}/g, '');
    if (!stages.has(tag)) bases.add(tag);
    if (stage !== undefined) stages.add(stage);
  }
  return [...bases].sort();
}
