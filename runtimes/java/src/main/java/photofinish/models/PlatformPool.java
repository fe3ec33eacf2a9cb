package photofinish.models;

import org.eclipse.jetty.util.thread.QueuedThreadPool;
import photofinish.settings.Settings;

/**
 * A bounded pool of platform threads. A request holds one of {@code THREADS} operating-system
 * threads from the parsing of its head to its last byte; what finds none free waits in the pool's
 * queue. CPU work is computed on the same threads, which the kernel time-slices.
 */
public final class PlatformPool implements Model {
  @Override
  public String id() {
    return "platform-pool";
  }

  @Override
  public QueuedThreadPool threads(Settings settings, int connectorThreads) {
    // Minimum and maximum alike: every thread is started before the server listens.
    int size = settings.threads() + connectorThreads;
    QueuedThreadPool pool = new QueuedThreadPool(size, size);
    pool.setReservedThreads(0);
    return pool;
  }

  @Override
  public Integer requestThreads(Settings settings) {
    return settings.threads();
  }

  @Override
  public String cpuWork() {
    return "request-thread";
  }
}
