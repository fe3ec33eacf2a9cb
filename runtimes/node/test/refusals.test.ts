import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { environment, models, spawnTarget, startTarget } from './target.ts';

for (const model of models) {
  describe(`node/${model} refuses to start`, { concurrency: 2 }, () => {
    for (const name of Object.keys(environment(model))) {
      it(`with exit status 2 and one line when ${name} is missing`, async () => {
        const { [name]: _left, ...variables } = environment(model);
        await using target = spawnTarget(model, variables);
        const { code, errors } = await target.ending;
        assert.deepEqual({ code, errors }, { code: 2, errors: `${name} is missing\n` });
        assert.equal(await target.firstLine, undefined);
      });
    }

    it('with exit status 3 and one line when the port is taken', async () => {
      await using holder = await startTarget(model);
      await using target = spawnTarget(model, { ...environment(model), PORT: String(holder.port) });
      const { code, errors } = await target.ending;
      assert.equal(code, 3);
      assert.match(errors, new RegExp(`^cannot listen on 127\\.0\\.0\\.1:${holder.port}: .*EADDRINUSE.*\n$`));
    });
  });
}
