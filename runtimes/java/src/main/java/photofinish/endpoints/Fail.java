package photofinish.endpoints;

import java.util.concurrent.CompletableFuture;
import photofinish.contract.BadParameter;
import photofinish.contract.Endpoint;
import photofinish.contract.Query;
import photofinish.contract.Reply;

/**
 * {@code GET /fail?at=...}: a handler that fails in each of the places where a handler can.
 *
 * <ul>
 *   <li>{@code sync}: throws at once, on the request's thread.
 *   <li>{@code await}: parks the request's thread, as blocking code awaits, and throws when it
 *       wakes.
 *   <li>{@code callback}: returns, and fails later in a completion callback on a thread that is not
 *       the request's.
 * </ul>
 */
public final class Fail implements Endpoint {
  @Override
  public void serve(Query query, Reply reply) throws BadParameter, InterruptedException {
    switch (query.word("at")) {
      case "sync" -> throw new Boom();
      case "await" -> {
        Thread.sleep(1);
        throw new Boom();
      }
      case "callback" ->
          CompletableFuture.runAsync(
                  () -> {
                    throw new Boom();
                  })
              .whenComplete((nothing, failure) -> reply.fail(failure));
      default -> throw new BadParameter("at");
    }
  }

  private static final class Boom extends RuntimeException {
    private static final long serialVersionUID = 1;
  }
}
