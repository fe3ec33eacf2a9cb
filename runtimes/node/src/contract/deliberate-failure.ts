/** What `/fail` throws: asked for, hence answered without a word in the log. */
export class DeliberateFailure extends Error {}
