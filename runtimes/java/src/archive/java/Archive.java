import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes the class-data archive (AppCDS) that {@code runtime.json} starts targets with: the classes
 * of a short rehearsal, parsed and verified once at build time. Started by Maven with the JDK that
 * builds, from the runtime's folder. A JDK that cannot make one leaves none, says so, and targets
 * start without.
 */
public final class Archive {
  private static final String FLAG = "-XX:SharedArchiveFile=";
  private static final List<String> REQUESTS =
      List.of(
          "/health",
          "/info",
          "/timer?ms=1",
          "/timer",
          "/cpu/spin?n=1000",
          "/cpu/json",
          "/fail?at=sync",
          "/fail?at=await",
          "/fail?at=callback",
          "/unknown");

  private Archive() {}

  public static void main(String[] args) throws Exception {
    List<String> command = deployed("virtual-threads");
    String flag = command.stream().filter(word -> word.startsWith(FLAG)).findFirst().orElseThrow();
    Path archive = Path.of(flag.substring(FLAG.length()));
    Files.deleteIfExists(archive);
    Path data = Files.createTempDirectory("photofinish-archive");
    try {
      Files.writeString(
          data.resolve("payload.json"),
          """
          [{"id":0,"user":"u00000000","qty":1,"price":1,"active":true,"tags":["t1","t2","t3"],"note":"caf\\u00e9 0"}]\
          """);
      rehearse(replaced(command, flag, "-XX:ArchiveClassesAtExit=" + archive), data);
      // Started with it and nothing else allowed: an archive that does not fit is noticed here, not
      // in a trial.
      rehearse(replaced(command, flag, flag, "-Xshare:on"), data);
    } catch (IOException e) {
      Files.deleteIfExists(archive);
      System.err.println("no class-data archive, targets start slower: " + e.getMessage());
    } finally {
      Files.deleteIfExists(data.resolve("payload.json"));
      Files.delete(data);
    }
  }

  /** The command of {@code runtime.json} for one core, with this JDK. */
  private static List<String> deployed(String model) {
    JsonNode manifest = JsonMapper.builder().build().readTree(Path.of("runtime.json"));
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return StreamSupport.stream(manifest.get("models").spliterator(), false)
        .filter(candidate -> candidate.get("id").asString().equals(model))
        .flatMap(found -> StreamSupport.stream(found.get("command").spliterator(), false))
        .map(word -> word.asString().replace("{toolchain}", java).replace("{CORES}", "1"))
        .toList();
  }

  private static List<String> replaced(List<String> command, String word, String... by) {
    List<String> result = new ArrayList<>(command);
    int at = result.indexOf(word);
    result.remove(at);
    result.addAll(at, List.of(by));
    return result;
  }

  private static void rehearse(List<String> command, Path data)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder
        .environment()
        .putAll(
            Map.of(
                "HOST", "127.0.0.1",
                "PORT", "0",
                "MODEL", "virtual-threads",
                "TRIAL_NONCE", "archive",
                "CORES", "1",
                "THREADS", "1",
                "CPU_POOL", "1",
                "DATA_DIR", data.toString()));
    Process target = builder.start();
    try (BufferedReader output = target.inputReader();
        HttpClient client = HttpClient.newHttpClient()) {
      String first = output.readLine();
      if (first == null || !first.startsWith("listening "))
        throw new IOException("the target said: " + first);
      for (String request : REQUESTS) {
        URI uri =
            URI.create("http://127.0.0.1:" + first.substring("listening ".length()) + request);
        client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
      }
      target.destroy();
      if (!target.waitFor(60, TimeUnit.SECONDS)) throw new IOException("the target did not stop");
      if (target.exitValue() != 0)
        throw new IOException("the target exited with " + target.exitValue());
    } finally {
      target.destroyForcibly();
    }
  }
}
