package photofinish.server;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryManagerMXBean;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import photofinish.contract.Info;
import photofinish.endpoints.Endpoints;
import photofinish.kernels.JsonKernel;
import photofinish.models.Model;
import photofinish.settings.InvalidSettings;
import photofinish.settings.Settings;

/** Jetty as all models deploy it; only the thread pool comes from the model. */
public final class TargetServer {
  private static final int ACCEPTORS = 1;
  private static final int BACKLOG = 4096;
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(75);

  private final Settings settings;
  private final Model model;
  private final JsonKernel json;
  private final Server server;
  private final ServerConnector connector;

  /**
   * @throws InvalidSettings when the JVM was not started as the settings say
   */
  public TargetServer(Settings settings, Model model, JsonKernel json) throws InvalidSettings {
    requireCores(settings);
    this.settings = settings;
    this.model = model;
    this.json = json;

    // Jetty's own rule, with the cores that the plan grants in place of those it would detect.
    int selectors = Math.max(1, settings.cores() / 2);
    server = new Server(model.threads(settings, ACCEPTORS + selectors));
    connector =
        new ServerConnector(
            server, null, null, null, ACCEPTORS, selectors, new HttpConnectionFactory(http()));
    connector.setHost(settings.host());
    connector.setPort(settings.port());
    connector.setAcceptQueueSize(BACKLOG);
    connector.setAcceptedTcpNoDelay(true);
    connector.setIdleTimeout(KEEP_ALIVE.toMillis());
    server.addConnector(connector);
    server.setHandler(new ContractHandler(Endpoints.of(this::info, json)));
    server.setErrorHandler(new FailureHandler());
  }

  /** Listens, and from then on drains and exits with 0 when told to stop. */
  public void start() throws Exception {
    server.start();
    Drain.onStop(connector);
  }

  /** The port it listens on. */
  public int port() {
    return connector.getLocalPort();
  }

  private static HttpConfiguration http() {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    // Paths are compared byte by byte and never mapped to files: the contract's 404 answers strange
    // ones.
    http.setUriCompliance(UriCompliance.UNSAFE);
    return http;
  }

  private static void requireCores(Settings settings) throws InvalidSettings {
    int seen = Runtime.getRuntime().availableProcessors();
    if (seen != settings.cores()) {
      throw new InvalidSettings(
          "CORES is "
              + settings.cores()
              + ", but the JVM sees "
              + seen
              + ": start it with -XX:ActiveProcessorCount="
              + settings.cores());
    }
  }

  private Info info() {
    return new Info(
        "java",
        System.getProperty("java.version"),
        model.id(),
        settings.nonce(),
        settings.cores(),
        Runtime.getRuntime().availableProcessors(),
        1,
        model.requestThreads(settings),
        null,
        null,
        null,
        model.cpuWork(),
        "Jetty " + Server.getVersion(),
        null,
        null,
        ManagementFactory.getGarbageCollectorMXBeans().stream()
            .map(MemoryManagerMXBean::getName)
            .collect(Collectors.joining(", ")),
        connector.getAcceptedTcpNoDelay(),
        connector.getIdleTimeout() / 1000.0,
        connector.getAcceptQueueSize(),
        new TreeMap<>(
            Map.of("http-parser", "jetty-http " + Server.getVersion(), "json", json.library())));
  }
}
