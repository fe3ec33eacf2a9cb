package photofinish.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonKernelTest {
  @TempDir Path folder;

  @Test
  @DisplayName("The fixture is the contract's payload, byte for byte")
  void payloadIsTheContracts() throws Exception {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(PayloadFixture.bytes());
    assertEquals(
        "31c5f20b5001d3eb05f4467ae3f106c97db3525d63ce427d3db6f4874e8811e7",
        HexFormat.of().formatHex(digest));
  }

  @Test
  @DisplayName("The payload reduces to the contract's line, every time it is parsed")
  void goldenLine() throws Exception {
    JsonKernel kernel = JsonKernel.of(PayloadFixture.writtenTo(folder).resolve("payload.json"));
    String line = "20000:3057911568:9994569:4015531070:9930:428890";
    assertEquals(line, kernel.reduce());
    assertEquals(line, kernel.reduce());
  }

  @Test
  @DisplayName("A character outside the basic plane counts once, as in every other language")
  void countsCodePoints() throws Exception {
    Path file = folder.resolve("payload.json");
    Files.writeString(
        file,
        """
        [{"id":3,"user":"ab","qty":1,"price":2,"active":false,"tags":["t"],"note":"\\ud83c\\udfc1\\u00e9"}]\
        """);
    assertEquals("1:3:1:2:0:5", JsonKernel.of(file).reduce());
  }
}
