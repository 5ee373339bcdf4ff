package org.fastai4j.testkit;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.StreamSupport;
import org.fastai4j.io.Safetensors;
import org.fastai4j.tensor.DType;
import org.fastai4j.tensor.Tensor;

/**
 * Inputs and expected outputs computed with PyTorch and fastai, in the test resources under {@code
 * golden/KIND}: a {@code cases.json} with a line for each case, and a safetensors file for each.
 */
public final class Golden {
  private Golden() {}

  /** One case; {@link #params} is what its kind needs to be run. */
  public record Case(
      String name, Path file, JsonObject params, List<String> outputs, JsonObject json) {

    /** The inputs ({@code in.*}, {@code param.*}) and expected outputs ({@code out.*}). */
    public Map<String, Tensor> tensors() {
      return Safetensors.load(file).tensors();
    }

    /** Fails unless {@code actual} is what the case expects of {@code output}, by its tolerance. */
    public void check(String output, Tensor actual, Tensor expected) {
      JsonObject tolerance = json.getAsJsonObject("tolerance");
      if (json.has("tolerances") && json.getAsJsonObject("tolerances").has(output)) {
        tolerance = json.getAsJsonObject("tolerances").getAsJsonObject(output);
      }
      Tensor a = compared(output, actual);
      Tensor e = compared(output, expected);
      TensorAssert.assertThat(a)
          .as("%s %s", name, output)
          .isCloseTo(e, tolerance.get("rtol").getAsDouble(), tolerance.get("atol").getAsDouble());
      if (params.has("dtypes") && params.getAsJsonObject("dtypes").has(output)) {
        TensorAssert.assertThat(actual)
            .as("%s %s", name, output)
            .hasDType(DType.of(params.getAsJsonObject("dtypes").get(output).getAsString()));
      }
    }

    private Tensor compared(String output, Tensor t) {
      if (!json.has("skip") || !json.getAsJsonObject("skip").has(output)) {
        return t;
      }
      List<Long> skipped =
          stream(json.getAsJsonObject("skip").get(output)).map(JsonElement::getAsLong).toList();
      return t.indexSelect(
          0, Tensor.of(LongStream.range(0, t.size(0)).filter(i -> !skipped.contains(i)).toArray()));
    }

    /** A further file of the case, such as a {@code .pth}. */
    public Path sibling(String relative) {
      return folder().resolve(relative);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** The cases of a kind, in the file's order. */
  public static List<Case> cases(String kind) {
    return cases(folder().resolve(kind).resolve("cases.json"), folder(), kind);
  }

  /** The cases of a kind of which only some are here, listed in a folder of another name. */
  public static List<Case> cases(String folder, String kind) {
    return cases(folder().resolve(folder).resolve("cases.json"), folder(), kind);
  }

  /** The cases of a kind in an index that lies outside the test resources, beside their folders. */
  static List<Case> cases(Path index, String kind) {
    return cases(index, index.resolveSibling(""), kind);
  }

  private static List<Case> cases(Path index, Path folder, String kind) {
    try {
      JsonObject all = JsonParser.parseString(Files.readString(index)).getAsJsonObject();
      return stream(all.get("cases"))
          .map(JsonElement::getAsJsonObject)
          .filter(c -> c.get("kind").getAsString().equals(kind))
          .map(c -> of(folder, c))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("no golden cases at " + index, e);
    }
  }

  /** The elements of a JSON array. */
  public static java.util.stream.Stream<JsonElement> stream(JsonElement array) {
    return StreamSupport.stream(array.getAsJsonArray().spliterator(), false);
  }

  private static Case of(Path folder, JsonObject json) {
    return new Case(
        json.get("name").getAsString(),
        folder.resolve(json.get("file").getAsString()),
        json.getAsJsonObject("params"),
        json.has("outputs")
            ? stream(json.get("outputs")).map(JsonElement::getAsString).toList()
            : List.of(),
        json);
  }

  private static Path folder() {
    URL golden = Golden.class.getResource("/golden");
    if (golden == null) {
      throw new AssertionError("the test resources have no folder golden");
    }
    try {
      return Path.of(golden.toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
