package photofinish.contract;

/** A query parameter that the contract refuses: answered with 400 and the parameter's name. */
public final class BadParameter extends Exception {
  private static final long serialVersionUID = 1;

  /**
   * @param name the parameter's name as the contract spells it
   */
  public BadParameter(String name) {
    // Part of normal service under wrong input: no stack is walked for it.
    super(name, null, false, false);
  }
}
