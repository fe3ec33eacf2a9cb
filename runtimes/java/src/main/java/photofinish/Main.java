package photofinish;

import photofinish.kernels.JsonKernel;
import photofinish.models.Model;
import photofinish.models.Models;
import photofinish.server.TargetServer;
import photofinish.settings.InvalidSettings;
import photofinish.settings.Settings;

/** One target: reads what the plan grants, listens, says so, serves until it is told to stop. */
public final class Main {
  private static final int STARTING_FAILED = 1;
  private static final int SETTINGS_REFUSED = 2;

  private Main() {}

  public static void main(String[] args) {
    try {
      Settings settings = Settings.of(System.getenv(), Models.ids());
      Model model = Models.named(settings.model());
      TargetServer server = new TargetServer(settings, model, JsonKernel.of(settings.payload()));
      server.start();
      System.out.print("listening " + server.port() + "\n");
      System.out.flush();
    } catch (InvalidSettings refused) {
      System.err.println("photofinish-java: " + refused.getMessage());
      System.exit(SETTINGS_REFUSED);
    } catch (Exception failure) {
      System.err.println("photofinish-java: cannot start: " + failure.getMessage());
      System.exit(STARTING_FAILED);
    }
  }
}
