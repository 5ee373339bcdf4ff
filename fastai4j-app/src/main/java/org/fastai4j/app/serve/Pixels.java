package org.fastai4j.app.serve;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Reader;
import org.fastai4j.data.DataException;
import org.fastai4j.vision.Image;

/**
 * An image as JSON: {@code {"pixels": [[0, 255], [128, 7]]}}, rows of numbers 0 to 255 for grey or
 * of {@code [red, green, blue]} for color.
 */
final class Pixels {
  private final JsonReader json;
  private final long most;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
  private int channels;
  private int width;
  private int height;

  private Pixels(JsonReader json, long most) {
    this.json = json;
    this.most = most;
  }

  /**
   * The image in {@code text}.
   *
   * @throws DataException if it is no such JSON, or has more than {@code most} pixels
   */
  static Image read(Reader text, long most) {
    try (JsonReader json = new JsonReader(text)) {
      return new Pixels(json, most).read();
    } catch (IOException | IllegalStateException | NumberFormatException e) {
      throw wrong("it is no such JSON");
    }
  }

  private Image read() throws IOException {
    json.beginObject();
    while (json.hasNext()) {
      if (!json.nextName().equals("pixels") || height > 0) {
        throw wrong("it has another member, or 'pixels' twice");
      }
      json.beginArray();
      while (json.hasNext()) {
        row();
      }
      json.endArray();
    }
    json.endObject();
    if (json.peek() != JsonToken.END_DOCUMENT || width == 0) {
      throw wrong(width == 0 ? "there are no pixels" : "something follows the object");
    }
    return Image.fromBytes(channels == 1 ? "L" : "RGB", width, height, bytes.toByteArray());
  }

  private void row() throws IOException {
    int n = 0;
    json.beginArray();
    for (; json.hasNext(); n++) {
      int c = json.peek() == JsonToken.BEGIN_ARRAY ? color() : grey();
      if (channels != 0 && c != channels) {
        throw wrong("it mixes grey and color");
      }
      channels = c;
      if (bytes.size() / channels > most) {
        throw wrong("it has more than " + most + " pixels");
      }
    }
    json.endArray();
    if (height > 0 && n != width) {
      throw wrong("row %d has %d pixels, the first has %d".formatted(height, n, width));
    }
    width = n;
    height++;
  }

  private int grey() throws IOException {
    double value = json.nextDouble();
    if (!(value >= 0 && value <= 255)) {
      throw wrong("a value is not in 0 to 255: " + value);
    }
    bytes.write((int) Math.round(value));
    return 1;
  }

  private int color() throws IOException {
    json.beginArray();
    for (int c = 0; c < 3; c++) {
      grey();
    }
    json.endArray();
    return 3;
  }

  private static DataException wrong(String what) {
    return new DataException(
        "the body must be {\"pixels\": [rows of 0 to 255, or of [red, green, blue]]}, but " + what);
  }
}
