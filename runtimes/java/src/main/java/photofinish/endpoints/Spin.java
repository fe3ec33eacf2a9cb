package photofinish.endpoints;

import photofinish.contract.Answer;
import photofinish.contract.BadParameter;
import photofinish.contract.Endpoint;
import photofinish.contract.Query;
import photofinish.contract.Reply;
import photofinish.kernels.SpinKernel;

/** {@code GET /cpu/spin?n=N}: the spin kernel on the request's thread. */
public final class Spin implements Endpoint {
  private static final int MAX_STEPS = 1_000_000_000;

  @Override
  public void serve(Query query, Reply reply) throws BadParameter {
    int steps = query.number("n", 1, MAX_STEPS);
    reply.send(Answer.text(SpinKernel.spin(steps)));
  }
}
