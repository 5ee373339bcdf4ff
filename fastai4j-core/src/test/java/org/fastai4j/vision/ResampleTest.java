package org.fastai4j.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Resizing against Pillow's own results, in the golden files. */
class ResampleTest {
  private static final Path GOLDEN =
      Path.of(System.getProperty("fastai4j.shared", "../shared"), "golden");

  @Test
  void agreesWithPillowToTheByte() throws IOException {
    Path file = GOLDEN.resolve("vision/resize_squish.safetensors");
    if (!Files.exists(file)) {
      String message = "no golden files at " + GOLDEN;
      if ("true".equals(System.getenv("CI"))) {
        fail(message);
      }
      abort(message);
    }
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int headerSize = (int) bytes.getLong();
    byte[] header = new byte[headerSize];
    bytes.get(header);
    JsonObject tensors =
        JsonParser.parseString(new String(header, StandardCharsets.UTF_8)).getAsJsonObject();
    int compared = 0;
    for (Map.Entry<String, JsonElement> each : tensors.entrySet()) {
      if (each.getKey().startsWith("out.")) {
        String input = each.getKey().split("\\.", -1)[1];
        Image from = image(tensors.getAsJsonObject("in." + input), bytes, 8 + headerSize);
        Image expected = image(each.getValue().getAsJsonObject(), bytes, 8 + headerSize);
        assertThat(from.resize(expected.width(), expected.height()))
            .as(each.getKey())
            .isEqualTo(expected);
        compared++;
      }
    }
    assertThat(compared).isEqualTo(9);
  }

  /** A tensor of bytes, {@code [height, width]} or {@code [height, width, 3]}. */
  private static Image image(JsonObject tensor, ByteBuffer bytes, int start) {
    assertThat(tensor.get("dtype").getAsString()).isEqualTo("U8");
    var shape = tensor.getAsJsonArray("shape");
    var offsets = tensor.getAsJsonArray("data_offsets");
    byte[] pixels = new byte[offsets.get(1).getAsInt() - offsets.get(0).getAsInt()];
    bytes.get(start + offsets.get(0).getAsInt(), pixels);
    String mode = shape.size() == 2 ? "L" : "RGB";
    return Image.fromBytes(mode, shape.get(1).getAsInt(), shape.get(0).getAsInt(), pixels);
  }
}
