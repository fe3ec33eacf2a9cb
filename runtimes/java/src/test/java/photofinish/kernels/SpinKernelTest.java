package photofinish.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SpinKernelTest {
  private static final long MASK = 0xFFFFFFFFL;

  @Test
  @DisplayName("Five million steps give the contract's sum")
  void goldenSum() {
    assertEquals("6648fc4f", SpinKernel.spin(5_000_000));
  }

  @Test
  @DisplayName("Any number of steps gives the sum of unsigned 64-bit arithmetic cut to 32 bits")
  void agreesWithWideArithmetic() {
    Random random = new Random(20_261_122);
    for (int i = 0; i < 50; i++) {
      int steps = 1 + random.nextInt(5_000);
      assertEquals(wide(steps), SpinKernel.spin(steps), () -> steps + " steps");
    }
  }

  private static String wide(int steps) {
    long s = 0x9E3779B9L;
    long sum = 0;
    for (int i = 0; i < steps; i++) {
      s ^= s << 13 & MASK;
      s ^= s >> 17;
      s ^= s << 5 & MASK;
      sum = sum + s & MASK;
    }
    return "%08x".formatted(sum);
  }
}
