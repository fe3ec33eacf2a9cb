package photofinish.contract;

/**
 * The raw query of a request, judged by the contract: nothing is decoded, so that a percent-escaped
 * value is bad and a percent-escaped name is another name.
 */
public final class Query {
  private final String raw;

  /**
   * @param raw the bytes after the question mark as they came; null without one
   */
  public Query(String raw) {
    this.raw = raw == null ? "" : raw;
  }

  /**
   * A parameter that must be there.
   *
   * @return its value, {@code min} to {@code max}
   * @throws BadParameter when it is missing, repeated, not ASCII digits, or out of range
   */
  public int number(String name, int min, int max) throws BadParameter {
    return judge(name, word(name), min, max);
  }

  /**
   * A parameter that may be absent.
   *
   * @return its value, {@code min} to {@code max}, or {@code absent}
   * @throws BadParameter when it is repeated, not ASCII digits, or out of range
   */
  public int number(String name, int min, int max, int absent) throws BadParameter {
    String value = find(name);
    return value == null ? absent : judge(name, value, min, max);
  }

  /**
   * @return the raw value of a parameter that must be there exactly once
   * @throws BadParameter when it is missing or repeated
   */
  public String word(String name) throws BadParameter {
    String value = find(name);
    if (value == null) throw new BadParameter(name);
    return value;
  }

  private static int judge(String name, String value, int min, int max) throws BadParameter {
    if (value.isEmpty()) throw new BadParameter(name);
    long number = 0;
    for (int i = 0; i < value.length(); i++) {
      char digit = value.charAt(i);
      if (digit < '0' || digit > '9') throw new BadParameter(name);
      // Past the limit the value only needs to stay past it: no length of digits can overflow.
      number = Math.min(number * 10 + (digit - '0'), max + 1L);
    }
    if (number < min || number > max) throw new BadParameter(name);
    return (int) number;
  }

  /** The raw value; null when absent; a name without an equals sign has the empty value. */
  private String find(String name) throws BadParameter {
    String found = null;
    int start = 0;
    while (start <= raw.length()) {
      int end = raw.indexOf('&', start);
      if (end < 0) end = raw.length();
      int equals = raw.indexOf('=', start);
      int nameEnd = equals < 0 || equals > end ? end : equals;
      if (nameEnd - start == name.length() && raw.startsWith(name, start)) {
        if (found != null) throw new BadParameter(name);
        found = nameEnd == end ? "" : raw.substring(nameEnd + 1, end);
      }
      start = end + 1;
    }
    return found;
  }
}
