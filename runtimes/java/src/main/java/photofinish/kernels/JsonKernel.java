package photofinish.kernels;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * Parses {@code payload.json} into typed records and reduces them. The text is read once, every
 * call parses it anew. Jackson reads the UTF-8 bytes as they came, as it would a request body.
 */
public final class JsonKernel {
  private final ObjectReader reader = JsonMapper.builder().build().readerFor(Item[].class);
  private final byte[] text;

  private JsonKernel(byte[] text) {
    this.text = text;
  }

  /**
   * @throws IOException when the file cannot be read
   */
  public static JsonKernel of(Path payload) throws IOException {
    return new JsonKernel(Files.readAllBytes(payload));
  }

  /** Library, version and way of decoding, for {@code /info}. */
  public String library() {
    return "jackson-databind " + reader.version() + ", typed records";
  }

  /**
   * @return the checksum line: count, rolling hash of ids, sums of qty and price, active records,
   *     characters (Unicode code points) of note and user plus the number of tags
   */
  public String reduce() {
    Item[] items = reader.readValue(text);
    int hash = 0;
    long quantity = 0;
    long price = 0;
    int active = 0;
    long characters = 0;
    for (Item item : items) {
      hash = hash * 31 + item.id();
      quantity += item.qty();
      price += item.price();
      if (item.active()) active++;
      characters += codePoints(item.note()) + item.tags().size() + codePoints(item.user());
    }
    return items.length
        + ":"
        + Integer.toUnsignedString(hash)
        + ":"
        + quantity
        + ":"
        + price
        + ":"
        + active
        + ":"
        + characters;
  }

  private static int codePoints(String text) {
    return text.codePointCount(0, text.length());
  }
}
