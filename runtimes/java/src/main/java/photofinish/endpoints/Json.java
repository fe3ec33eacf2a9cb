package photofinish.endpoints;

import photofinish.contract.Answer;
import photofinish.contract.BadParameter;
import photofinish.contract.Endpoint;
import photofinish.contract.Query;
import photofinish.contract.Reply;
import photofinish.kernels.JsonKernel;

/** {@code GET /cpu/json?repeat=R}: parse and reduce, R times over, on the request's thread. */
public final class Json implements Endpoint {
  private static final int MAX_REPEAT = 100;

  private final JsonKernel kernel;

  public Json(JsonKernel kernel) {
    this.kernel = kernel;
  }

  @Override
  public void serve(Query query, Reply reply) throws BadParameter {
    int repeat = query.number("repeat", 1, MAX_REPEAT, 1);
    String line = kernel.reduce();
    for (int i = 1; i < repeat; i++) line = kernel.reduce();
    reply.send(Answer.text(line));
  }
}
