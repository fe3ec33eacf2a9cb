package photofinish.endpoints;

import photofinish.contract.Answer;
import photofinish.contract.BadParameter;
import photofinish.contract.Endpoint;
import photofinish.contract.Query;
import photofinish.contract.Reply;

/** {@code GET /timer?ms=M}: parks the request's thread on the runtime's own timer. */
public final class Timer implements Endpoint {
  private static final int MAX_MS = 60_000;

  @Override
  public void serve(Query query, Reply reply) throws BadParameter, InterruptedException {
    int ms = query.number("ms", 0, MAX_MS);
    Thread.sleep(ms);
    reply.send(Answer.json("{\"ms\":" + ms + "}"));
  }
}
