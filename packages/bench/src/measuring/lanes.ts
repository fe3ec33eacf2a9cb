/** Spreads the repetitions of each over the whole list, so that a bad minute of the host falls on none alone. */
export function spread<T extends { readonly count: number }>(ways: readonly T[]): T[] {
  return ways
    .flatMap((way) => Array.from({ length: way.count }, (_, index) => ({ way, at: (index + 0.5) / way.count })))
    .sort((a, b) => a.at - b.at)
    .map(({ way }) => way);
}

/**
 * Takes the tasks off the list in order and performs them, at most `lanes` at once; also those that a task adds before it ends. Each lane
 * begins when `begin` has resolved. Rejects with the first error, when those under way have ended.
 */
export async function inLanes<T>(
  lanes: number,
  tasks: T[],
  begin: (lane: number) => Promise<void>,
  perform: (task: T) => Promise<void>,
): Promise<void> {
  let hasFailed = false;
  const attempt = async (lane: number) => {
    await begin(lane);
    for (let task = tasks.shift(); task !== undefined && !hasFailed; task = tasks.shift()) await perform(task);
  };
  const ended = await Promise.allSettled(
    Array.from({ length: lanes }, async (_, lane) => {
      try {
        await attempt(lane);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }),
  );
  const failed = ended.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
