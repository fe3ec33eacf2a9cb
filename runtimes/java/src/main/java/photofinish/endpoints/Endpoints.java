package photofinish.endpoints;

import java.util.Map;
import java.util.function.Supplier;
import photofinish.contract.Answer;
import photofinish.contract.Endpoint;
import photofinish.contract.Info;
import photofinish.kernels.JsonKernel;

/** The endpoints of the contract by path, the same for all models. */
public final class Endpoints {
  private static final Answer OK = Answer.text("ok");

  private Endpoints() {}

  public static Map<String, Endpoint> of(Supplier<Info> info, JsonKernel json) {
    return Map.of(
        "/health", (query, reply) -> reply.send(OK),
        "/info", new InfoEndpoint(info),
        "/timer", new Timer(),
        "/cpu/spin", new Spin(),
        "/cpu/json", new Json(json),
        "/fail", new Fail());
  }
}
