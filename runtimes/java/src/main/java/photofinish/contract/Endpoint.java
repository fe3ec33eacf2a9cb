package photofinish.contract;

/**
 * One endpoint of the contract, in blocking style: it is called on the thread that the model gives
 * the request and may park it.
 */
@FunctionalInterface
public interface Endpoint {
  /**
   * Reads its parameters in the contract's order, works, and replies.
   *
   * @throws BadParameter for the first bad parameter, before any work
   * @throws Exception any failure; the client sees the contract's 500
   */
  void serve(Query query, Reply reply) throws Exception;
}
