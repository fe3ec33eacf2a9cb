package photofinish.settings;

/**
 * The environment does not say what the contract asks for; the message names every problem in one
 * line.
 */
public final class InvalidSettings extends Exception {
  private static final long serialVersionUID = 1;

  public InvalidSettings(String problems) {
    super(problems);
  }
}
