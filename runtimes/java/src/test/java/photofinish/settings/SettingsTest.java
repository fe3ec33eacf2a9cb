package photofinish.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
  private static final Set<String> MODELS = Set.of("platform-pool", "virtual-threads");

  @TempDir Path folder;
  private Map<String, String> environment;

  @BeforeEach
  void completeEnvironment() throws IOException {
    Files.writeString(folder.resolve("payload.json"), "[]");
    environment =
        new HashMap<>(
            Map.of(
                "HOST", "127.0.0.1",
                "PORT", "0",
                "MODEL", "platform-pool",
                "TRIAL_NONCE", "n",
                "CORES", "2",
                "THREADS", "64",
                "CPU_POOL", "2",
                "DATA_DIR", folder.toString()));
  }

  @Test
  @DisplayName("A complete environment is taken as given")
  void complete() throws InvalidSettings {
    Settings settings = Settings.of(environment, MODELS);
    assertEquals(new Settings("127.0.0.1", 0, "platform-pool", "n", 2, 64, 2, folder), settings);
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("A missing or empty variable is named")
  @ValueSource(
      strings = {
        "HOST",
        "PORT",
        "MODEL",
        "TRIAL_NONCE",
        "CORES",
        "THREADS",
        "CPU_POOL",
        "DATA_DIR"
      })
  void missing(String name) {
    environment.remove(name);
    assertEquals(name + " is missing", problems());
    environment.put(name, "");
    assertEquals(name + " is missing", problems());
  }

  @ParameterizedTest(name = "{0}={1}")
  @DisplayName("A value out of range is named with what is allowed")
  @CsvSource({
    "HOST, localhost, an IPv4 address",
    "HOST, 127.0.0.256, an IPv4 address",
    "HOST, 127.0.0.1., an IPv4 address",
    "HOST, ::1, an IPv4 address",
    "PORT, 65536, from 0 to 65535",
    "PORT, -1, from 0 to 65535",
    "MODEL, event-loop, 'one of: platform-pool, virtual-threads'",
    "CORES, 0, from 1 to 1024",
    "CORES, 1.5, from 1 to 1024",
    "THREADS, 0, from 1 to 100000",
    "THREADS, 99999999999999999999, from 1 to 100000",
    "CPU_POOL, two, from 1 to 100000",
    "DATA_DIR, /nonexistent, payload.json",
  })
  void outOfRange(String name, String value, String allowed) {
    environment.put(name, value);
    String problems = problems();
    assertTrue(problems.startsWith(name + " is '" + value + "'"), problems);
    assertTrue(problems.contains(allowed), problems);
  }

  @Test
  @DisplayName("All problems are told at once, in one line")
  void allProblems() {
    environment.put("HOST", "a\nb");
    environment.remove("CORES");
    String problems = problems();
    assertEquals(
        "HOST is 'a b', must be an IPv4 address such as 127.0.0.1; CORES is missing", problems);
  }

  private String problems() {
    return assertThrows(InvalidSettings.class, () -> Settings.of(environment, MODELS)).getMessage();
  }
}
