package photofinish.kernels;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The contract's {@code payload.json}, generated from its description. */
public final class PayloadFixture {
  private static final int RECORDS = 20_000;

  private int state = 0x2545F491;

  private PayloadFixture() {}

  /** The text, in UTF-8 (it is pure ASCII). */
  public static byte[] bytes() {
    return new PayloadFixture().text().getBytes(StandardCharsets.US_ASCII);
  }

  /** Writes the file into a folder and returns the folder. */
  public static Path writtenTo(Path folder) throws IOException {
    Files.write(folder.resolve("payload.json"), bytes());
    return folder;
  }

  private int draw() {
    state = Xs32.step(state);
    return state;
  }

  private String tag() {
    return "\"t" + Integer.remainderUnsigned(draw(), 100) + "\"";
  }

  private String text() {
    StringBuilder json = new StringBuilder("[");
    for (int i = 0; i < RECORDS; i++) {
      int u = draw();
      int q = draw();
      int c = draw();
      if (i > 0) json.append(',');
      json.append("{\"id\":").append(i);
      json.append(",\"user\":\"u").append("%08x".formatted(u));
      json.append("\",\"qty\":").append(Integer.remainderUnsigned(q, 1000));
      json.append(",\"price\":").append(Integer.remainderUnsigned(c, 400_000));
      json.append(",\"active\":").append(c < 0);
      json.append(",\"tags\":[").append(tag()).append(',').append(tag()).append(',').append(tag());
      json.append("],\"note\":\"caf\\u00e9 ").append(i).append("\"}");
    }
    return json.append(']').toString();
  }
}
