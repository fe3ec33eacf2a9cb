package photofinish.server;

import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ServerConnector;

/**
 * The end of a target: no new connections, idle ones closed, requests in flight finished, exit 0.
 * Jetty's own graceful handler would answer 503 to requests that are still queued for a thread;
 * here they are served.
 */
final class Drain {
  private static final long IN_FLIGHT_SECONDS = 5;

  /**
   * Time for requests that had reached the machine, but not yet the server, when it was told to
   * stop.
   */
  private static final long ARRIVED_MS = 100;

  private Drain() {}

  /**
   * Drains when the process gets SIGTERM or SIGINT; the JVM would exit with 143 or 130 after it.
   */
  static void onStop(ServerConnector connector) {
    Thread hook =
        new Thread(
            () -> {
              try {
                drain(connector);
              } finally {
                Runtime.getRuntime().halt(0);
              }
            },
            "drain");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private static void drain(ServerConnector connector) {
    // Closes the listener; from here on every response says "Connection: close".
    Future<Void> empty = connector.shutdown();
    try {
      Thread.sleep(ARRIVED_MS);
      for (EndPoint endPoint : connector.getConnectedEndPoints()) {
        if (endPoint.isFillInterested()) endPoint.close();
      }
      empty.get(IN_FLIGHT_SECONDS, TimeUnit.SECONDS);
      // The JVM waits 300 ms at its end for threads inside system calls: the selectors leave theirs
      // here.
      connector.stop();
    } catch (TimeoutException e) {
      // The contract's limit: what is still in flight is cut off.
    } catch (Exception e) {
      System.err.println("photofinish-java: could not drain: " + e);
    }
  }
}
