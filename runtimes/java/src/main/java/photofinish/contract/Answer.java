package photofinish.contract;

import java.nio.charset.StandardCharsets;

/**
 * A whole answer, sent with its length.
 *
 * @param status HTTP status
 * @param type exact {@code Content-Type}
 * @param body bytes on the wire; never changed after construction
 */
public record Answer(int status, Type type, byte[] body) {
  public static final Answer NOT_FOUND = error(404, "not found");
  public static final Answer METHOD_NOT_ALLOWED = error(405, "method not allowed");
  public static final Answer BOOM = error(500, "boom");

  /** The content types of the contract. */
  public enum Type {
    TEXT("text/plain; charset=utf-8"),
    JSON("application/json");

    private final String value;

    Type(String value) {
      this.value = value;
    }

    /** The header's value on the wire. */
    public String value() {
      return value;
    }
  }

  /** 200 with plain text. */
  public static Answer text(String body) {
    return new Answer(200, Type.TEXT, body.getBytes(StandardCharsets.UTF_8));
  }

  /** 200 with JSON that is already written out. */
  public static Answer json(String body) {
    return new Answer(200, Type.JSON, body.getBytes(StandardCharsets.UTF_8));
  }

  /** An error of the contract. */
  public static Answer error(int status, String message) {
    String body = "{\"error\":\"" + message + "\"}";
    return new Answer(status, Type.JSON, body.getBytes(StandardCharsets.UTF_8));
  }
}
