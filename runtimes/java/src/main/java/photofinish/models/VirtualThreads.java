package photofinish.models;

import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import photofinish.settings.InvalidSettings;
import photofinish.settings.Settings;

/**
 * A virtual thread per request, carried by {@code CORES} platform threads. A parked request costs a
 * heap object; CPU work is computed on the request's virtual thread, which keeps its carrier until
 * it blocks: virtual threads are not time-sliced.
 */
public final class VirtualThreads implements Model {
  /**
   * Above any number of connections that file descriptors allow here: it guards memory, it never
   * shapes a result.
   */
  private static final int MOST_CONCURRENT_REQUESTS = 100_000;

  /** Platform threads for Jetty's own small tasks, such as the closing of an idle connection. */
  private static final int HOUSEKEEPING_THREADS = 2;

  private static final String CARRIERS = "jdk.virtualThreadScheduler.parallelism";

  @Override
  public String id() {
    return "virtual-threads";
  }

  @Override
  public QueuedThreadPool threads(Settings settings, int connectorThreads) throws InvalidSettings {
    String carriers = System.getProperty(CARRIERS);
    if (!Integer.toString(settings.cores()).equals(carriers)) {
      throw new InvalidSettings(
          "CORES is "
              + settings.cores()
              + ", but the JVM was started with -D"
              + CARRIERS
              + "="
              + carriers);
    }
    int size = connectorThreads + HOUSEKEEPING_THREADS;
    QueuedThreadPool pool = new QueuedThreadPool(size, size);
    pool.setReservedThreads(0);
    pool.setVirtualThreadsExecutor(new VirtualThreadPool(MOST_CONCURRENT_REQUESTS));
    return pool;
  }

  @Override
  public Integer requestThreads(Settings settings) {
    return null;
  }

  @Override
  public String cpuWork() {
    return "virtual-thread";
  }
}
