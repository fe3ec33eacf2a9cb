package photofinish.models;

import org.eclipse.jetty.util.thread.QueuedThreadPool;
import photofinish.settings.InvalidSettings;
import photofinish.settings.Settings;

/**
 * A concurrency model on Jetty: where the thread that serves a request comes from. All else is the
 * same for all.
 */
public interface Model {
  /** The id that {@code MODEL} names. */
  String id();

  /**
   * Jetty's thread pool for this model.
   *
   * @param connectorThreads pool threads that the connector itself holds for good (acceptors and
   *     selectors)
   * @throws InvalidSettings when the JVM was not started as the settings say
   */
  QueuedThreadPool threads(Settings settings, int connectorThreads) throws InvalidSettings;

  /**
   * Platform threads that serve requests, for {@code /info}; null where the model does not bound
   * them.
   */
  Integer requestThreads(Settings settings);

  /** Where {@code /cpu/*} is computed, in the words of {@code /info}. */
  String cpuWork();
}
