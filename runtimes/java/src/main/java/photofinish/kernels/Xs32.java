package photofinish.kernels;

/**
 * The contract's 32-bit xorshift (G. Marsaglia, "Xorshift RNGs", 2003, triple 13, 17, 5). Java's
 * {@code int} wraps modulo 2^32 and {@code >>>} is the logical shift, so signed arithmetic gives
 * the unsigned bits.
 */
public final class Xs32 {
  private Xs32() {}

  /** One step: the state after {@code state}. */
  public static int step(int state) {
    state ^= state << 13;
    state ^= state >>> 17;
    return state ^ (state << 5);
  }
}
