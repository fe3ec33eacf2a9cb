package photofinish.endpoints;

import java.util.function.Supplier;
import photofinish.contract.Answer;
import photofinish.contract.Endpoint;
import photofinish.contract.Info;
import photofinish.contract.Query;
import photofinish.contract.Reply;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code GET /info}: what this target really runs with, asked of the running parts at every
 * request.
 */
public final class InfoEndpoint implements Endpoint {
  private final JsonMapper mapper = JsonMapper.builder().build();
  private final Supplier<Info> info;

  public InfoEndpoint(Supplier<Info> info) {
    this.info = info;
  }

  @Override
  public void serve(Query query, Reply reply) {
    reply.send(Answer.json(mapper.writeValueAsString(info.get())));
  }
}
