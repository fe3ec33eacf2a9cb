package photofinish.settings;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * What the plan grants this target. Nothing here is ever detected.
 *
 * @param host IPv4 literal to listen on
 * @param port port to listen on; 0 picks a free one
 * @param model id of the concurrency model
 * @param nonce opaque word that {@code /info} gives back
 * @param cores cores granted
 * @param threads size of the request thread pool, where the model has one
 * @param cpuPool workers for off-loaded CPU work, where the model has them
 * @param dataDir folder that holds {@code payload.json}
 */
public record Settings(
    String host,
    int port,
    String model,
    String nonce,
    int cores,
    int threads,
    int cpuPool,
    Path dataDir) {
  private static final int MAX_CORES = 1024;
  private static final int MAX_POOL = 100_000;
  private static final int MAX_NONCE = 200;

  /**
   * @param environment names and values as given to the process
   * @param models ids that {@code MODEL} may name
   * @throws InvalidSettings naming every variable that is missing or out of range
   */
  public static Settings of(Map<String, String> environment, Set<String> models)
      throws InvalidSettings {
    EnvironmentReader reader = new EnvironmentReader(environment);
    Settings settings =
        new Settings(
            reader.ipv4("HOST"),
            reader.number("PORT", 0, 65_535),
            reader.oneOf("MODEL", models),
            reader.word("TRIAL_NONCE", MAX_NONCE),
            reader.number("CORES", 1, MAX_CORES),
            reader.number("THREADS", 1, MAX_POOL),
            reader.number("CPU_POOL", 1, MAX_POOL),
            reader.folderWith("DATA_DIR", "payload.json"));
    reader.throwProblems();
    return settings;
  }

  /** The harness's generated JSON document. */
  public Path payload() {
    return dataDir.resolve("payload.json");
  }
}
