package photofinish.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueryTest {
  @ParameterizedTest(name = "{0} is {1}")
  @DisplayName("A number is what its digits say")
  @CsvSource({
    "ms=0, 0",
    "ms=60000, 60000",
    "ms=00007, 7",
    "ms=0000000000000000000000000000000000000000000060000, 60000",
    "a=1&ms=5&b=2, 5",
    "ms=5&x=1&x=2, 5",
    "ms=5&&x, 5",
    "ms=5&%6ds=6, 5",
    "ms=5&Ms=6&mss=7&m=8, 5",
    "x=%zz&ms=5, 5",
  })
  void numbers(String raw, int expected) throws BadParameter {
    assertEquals(expected, new Query(raw).number("ms", 0, 60_000));
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("What is missing, repeated, not ASCII digits or past the limit is bad")
  @NullSource
  @ValueSource(
      strings = {
        "",
        "ms",
        "ms=",
        "ms=&ms=5",
        "ms=5&ms=5",
        "ms&ms=5",
        "ms=60001",
        "ms=4294967296",
        "ms=18446744073709551616",
        "ms=99999999999999999999999999999999999999999999999999999999999999",
        "ms=-1",
        "ms=+5",
        "ms= 5",
        "ms=5 ",
        "ms=5.0",
        "ms=5e1",
        "ms=0x5",
        "ms=%35",
        "ms=5=",
        "ms=5;x=1",
        "ms=\u0665",
        "%6ds=5",
        "xms=5",
      })
  void badNumbers(String raw) {
    BadParameter bad =
        assertThrows(BadParameter.class, () -> new Query(raw).number("ms", 0, 60_000));
    assertEquals("ms", bad.getMessage());
  }

  @Test
  @DisplayName("An optional parameter may be absent, but not empty, repeated or out of range")
  void optionalNumbers() throws BadParameter {
    assertEquals(1, new Query(null).number("repeat", 1, 100, 1));
    assertEquals(1, new Query("n=3").number("repeat", 1, 100, 1));
    assertEquals(100, new Query("repeat=100").number("repeat", 1, 100, 1));
    for (String raw :
        new String[] {"repeat", "repeat=", "repeat=0", "repeat=101", "repeat=1&repeat=1"}) {
      assertThrows(BadParameter.class, () -> new Query(raw).number("repeat", 1, 100, 1), raw);
    }
  }

  @Test
  @DisplayName("A word is given back raw")
  void words() throws BadParameter {
    assertEquals("sync", new Query("at=sync").word("at"));
    assertEquals("%73ync", new Query("at=%73ync").word("at"));
    assertThrows(BadParameter.class, () -> new Query("at=sync&at=sync").word("at"));
    assertThrows(BadParameter.class, () -> new Query("").word("at"));
  }
}
