package photofinish.server;

import java.util.Locale;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import photofinish.contract.Answer;

/**
 * Jetty's error layer: it calls this for whatever a handler throws or fails with, and for requests
 * it cannot parse.
 */
final class FailureHandler implements Request.Handler {
  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    int status = response.getStatus();
    Answer answer =
        status == HttpStatus.INTERNAL_SERVER_ERROR_500
            ? Answer.BOOM
            : Answer.error(status, HttpStatus.getMessage(status).toLowerCase(Locale.ROOT));
    new JettyReply(response, callback).send(answer);
    return true;
  }
}
