package photofinish.contract;

/** How an endpoint answers. Exactly one of the methods is called, once, on any thread. */
public interface Reply {
  /** Sends a whole answer. */
  void send(Answer answer);

  /**
   * Hands over a failure that can no longer be thrown out of the endpoint; the client sees the
   * contract's 500.
   */
  void fail(Throwable failure);
}
