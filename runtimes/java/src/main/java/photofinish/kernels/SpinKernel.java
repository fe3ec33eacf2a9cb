package photofinish.kernels;

import java.util.HexFormat;

/** Pure computation without memory traffic: the sum of N xorshift states. */
public final class SpinKernel {
  private static final int SEED = 0x9E3779B9;

  private SpinKernel() {}

  /**
   * @param steps steps from the seed, at least 1
   * @return the sum modulo 2^32 of the states after each step, as 8 lower-case hex digits
   */
  public static String spin(int steps) {
    int state = SEED;
    int sum = 0;
    for (int i = 0; i < steps; i++) {
      state = Xs32.step(state);
      sum += state;
    }
    return HexFormat.of().toHexDigits(sum);
  }
}
