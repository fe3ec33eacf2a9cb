package photofinish.settings;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Reads variables and collects what is wrong with them, so that all problems are told at once. */
final class EnvironmentReader {
  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,9}");
  private static final Pattern IPV4 =
      Pattern.compile("((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(\\.(?!$)|$)){4}");

  private final Map<String, String> environment;
  private final List<String> problems = new ArrayList<>();

  EnvironmentReader(Map<String, String> environment) {
    this.environment = environment;
  }

  int number(String name, int min, int max) {
    String value = word(name, Integer.MAX_VALUE);
    if (value.isEmpty()) return min;
    if (DIGITS.matcher(value).matches()) {
      int number = Integer.parseInt(value);
      if (number >= min && number <= max) return number;
    }
    problems.add(name + " is '" + value + "', must be a whole number from " + min + " to " + max);
    return min;
  }

  String ipv4(String name) {
    String value = word(name, Integer.MAX_VALUE);
    if (!value.isEmpty() && !IPV4.matcher(value).matches()) {
      problems.add(name + " is '" + value + "', must be an IPv4 address such as 127.0.0.1");
    }
    return value;
  }

  String oneOf(String name, Set<String> allowed) {
    String value = word(name, Integer.MAX_VALUE);
    if (!value.isEmpty() && !allowed.contains(value)) {
      String list = String.join(", ", new TreeSet<>(allowed));
      problems.add(name + " is '" + value + "', must be one of: " + list);
    }
    return value;
  }

  /** The value, or an empty word when it is missing, which is noted. */
  String word(String name, int longest) {
    String value = environment.getOrDefault(name, "");
    if (value.isEmpty()) problems.add(name + " is missing");
    if (value.length() > longest) {
      problems.add(name + " has " + value.length() + " characters, at most " + longest);
    }
    return value;
  }

  Path folderWith(String name, String file) {
    String value = word(name, Integer.MAX_VALUE);
    try {
      Path folder = Path.of(value);
      if (!value.isEmpty() && !Files.isReadable(folder.resolve(file))) {
        problems.add(name + " is '" + value + "', must be a folder with a readable " + file);
      }
      return folder;
    } catch (InvalidPathException e) {
      problems.add(name + " is not a path");
      return Path.of("");
    }
  }

  void throwProblems() throws InvalidSettings {
    if (!problems.isEmpty()) {
      throw new InvalidSettings(String.join("; ", problems).replace('\n', ' '));
    }
  }
}
