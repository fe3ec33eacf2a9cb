package photofinish.server;

import java.util.Map;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import photofinish.contract.Answer;
import photofinish.contract.BadParameter;
import photofinish.contract.Endpoint;
import photofinish.contract.Query;

/**
 * Judges a request by the contract (404, then 405, then 400) and calls its endpoint. Jetty calls it
 * as blocking code: on a thread that the model provides.
 */
final class ContractHandler extends Handler.Abstract {
  private static final HttpField ALLOW_GET = new PreEncodedHttpField(HttpHeader.ALLOW, "GET");

  private final Map<String, Endpoint> endpoints;

  ContractHandler(Map<String, Endpoint> endpoints) {
    super(InvocationType.BLOCKING);
    this.endpoints = endpoints;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    JettyReply reply = new JettyReply(response, callback);
    HttpURI uri = request.getHttpURI();
    Endpoint endpoint = endpoints.get(uri.getPath());
    if (endpoint == null) {
      reply.send(Answer.NOT_FOUND);
    } else if (!HttpMethod.GET.is(request.getMethod())) {
      response.getHeaders().put(ALLOW_GET);
      reply.send(Answer.METHOD_NOT_ALLOWED);
    } else {
      try {
        endpoint.serve(new Query(uri.getQuery()), reply);
      } catch (BadParameter bad) {
        reply.send(Answer.error(400, "bad " + bad.getMessage()));
      }
    }
    return true;
  }
}
