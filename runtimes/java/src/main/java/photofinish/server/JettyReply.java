package photofinish.server;

import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import photofinish.contract.Answer;
import photofinish.contract.Reply;

/** Sends answers through Jetty. */
record JettyReply(Response response, Callback callback) implements Reply {
  /**
   * Made once: Jetty would otherwise look the type up and write its own spelling of the charset.
   */
  private static final Map<Answer.Type, HttpField> TYPES = new EnumMap<>(Answer.Type.class);

  static {
    for (Answer.Type type : Answer.Type.values()) {
      TYPES.put(type, new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, type.value()));
    }
  }

  @Override
  public void send(Answer answer) {
    response.setStatus(answer.status());
    HttpFields.Mutable headers = response.getHeaders();
    headers.put(TYPES.get(answer.type()));
    headers.put(HttpHeader.CONTENT_LENGTH, answer.body().length);
    response.write(true, ByteBuffer.wrap(answer.body()), callback);
  }

  @Override
  public void fail(Throwable failure) {
    callback.failed(failure);
  }
}
